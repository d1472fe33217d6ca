//! A Map Run in a frame's row.

use super::values::{Kept, Packer, Unpacker};
use crate::{
    engine::execution::{Counts, MapRun, Phase},
    program::{Inputs, ItemSource, RunItems, RunResults, RunStep, Tolerance},
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A Map Run as it is stored. The inputs of its executions are one value, which is written once.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct MapRunRecord<'a> {
    id: u64,
    arn: Cow<'a, str>,
    step: RunStepRecord<'a>,
    inputs: InputsRecord,
    phase: Cow<'a, Phase>,
    random: u64,
    begun: u32,
    executions: Counts,
    items: Counts,
}

/// What a Map Run is asked for, as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RunStepRecord<'a> {
    label: Cow<'a, str>,
    express: bool,
    items: ItemsRecord<'a>,
    max_concurrency: u32,
    tolerance: Tolerance,
    results: Cow<'a, RunResults>,
}

#[derive(Debug, Serialize, Deserialize)]
enum ItemsRecord<'a> {
    Here(InputsRecord),
    At(Cow<'a, ItemSource>),
}

#[derive(Debug, Serialize, Deserialize)]
struct InputsRecord {
    each: Kept,
    batched: bool,
}

pub(super) fn pack_run<'a>(run: &'a MapRun, packer: &mut Packer<'_>) -> MapRunRecord<'a> {
    let MapRun { id, arn, step, inputs, phase, random, begun, executions, items } = run;
    MapRunRecord {
        id: *id,
        arn: arn.into(),
        step: pack_run_step(step, packer),
        inputs: pack_inputs(inputs, packer),
        phase: Cow::Borrowed(phase),
        random: *random,
        begun: *begun,
        executions: *executions,
        items: *items,
    }
}

pub(super) fn unpack_run(
    record: MapRunRecord<'_>,
    unpacker: &mut Unpacker<'_>,
) -> super::Result<MapRun> {
    Ok(MapRun {
        id: record.id,
        arn: record.arn.into_owned(),
        step: unpack_run_step(record.step, unpacker)?,
        inputs: unpack_inputs(record.inputs, unpacker)?,
        phase: record.phase.into_owned(),
        random: record.random,
        begun: record.begun,
        executions: record.executions,
        items: record.items,
    })
}

pub(super) fn pack_run_step<'a>(step: &'a RunStep, packer: &mut Packer<'_>) -> RunStepRecord<'a> {
    let RunStep { label, express, items, max_concurrency, tolerance, results } = step;
    RunStepRecord {
        label: label.into(),
        express: *express,
        items: match items {
            RunItems::Here(inputs) => ItemsRecord::Here(pack_inputs(inputs, packer)),
            RunItems::At(source) => ItemsRecord::At(Cow::Borrowed(source)),
        },
        max_concurrency: *max_concurrency,
        tolerance: *tolerance,
        results: Cow::Borrowed(results),
    }
}

pub(super) fn unpack_run_step(
    record: RunStepRecord<'_>,
    unpacker: &mut Unpacker<'_>,
) -> super::Result<RunStep> {
    Ok(RunStep {
        label: record.label.into_owned(),
        express: record.express,
        items: match record.items {
            ItemsRecord::Here(inputs) => RunItems::Here(unpack_inputs(inputs, unpacker)?),
            ItemsRecord::At(source) => RunItems::At(source.into_owned()),
        },
        max_concurrency: record.max_concurrency,
        tolerance: record.tolerance,
        results: record.results.into_owned(),
    })
}

fn pack_inputs(inputs: &Inputs, packer: &mut Packer<'_>) -> InputsRecord {
    let Inputs { each, batched } = inputs;
    InputsRecord { each: packer.keep(each), batched: *batched }
}

fn unpack_inputs(record: InputsRecord, unpacker: &mut Unpacker<'_>) -> super::Result<Inputs> {
    Ok(Inputs { each: unpacker.data(record.each)?, batched: record.batched })
}
