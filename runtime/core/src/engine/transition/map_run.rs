//! A distributed Map: its items are read, an execution of its own runs for each or for each batch,
//! the results are put together or written.
//!
//! Its executions write nothing into this execution's history: that has the Map Run's beginning and
//! its end.

use super::{Flow, Transition, failure::Fault};
use crate::{
    engine::{
        ChildOutcome, Effect, FrameId, HistoryKind, ReadItems, StartChild, Status, Taken, Token,
        WriteResults,
        execution::{Again, Counts, MapRun, Phase, ResultId, Waiting, map_run_arn},
        results,
    },
    program::{Data, Failure, Inputs, MapRunPart, Resume, RunItems, RunStep, names},
};

impl Transition<'_> {
    /// Begins a Map Run; a retry comes here again.
    pub(super) fn begin_run(&mut self, id: FrameId, step: RunStep) -> Flow {
        let length = match &step.items {
            RunItems::Here(inputs) => inputs.items(),
            RunItems::At(_) => 0,
        };
        let started = self.record_in(id, HistoryKind::MapStateStarted { length })?;
        let bits = u128::from(self.random.next()) << 64 | u128::from(self.random.next());
        let name = uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid();
        let arn = map_run_arn(&self.execution.context, &step.label, name);
        let (max_concurrency, tolerance) = (step.max_concurrency, step.tolerance);
        self.record_in(
            id,
            HistoryKind::MapRunStarted { arn: arn.clone(), max_concurrency, tolerance },
        )?;
        let items = step.items.clone();
        let run = MapRun {
            id: started,
            arn,
            step,
            inputs: Inputs::default(),
            phase: Phase::Reading { random: self.random.next() },
            random: self.random.next(),
            begun: 0,
            executions: Counts::default(),
            items: Counts::default(),
        };
        if let Some(frame) = self.frame_mut(id) {
            frame.waiting = Waiting::Run(Box::new(run));
        }
        match items {
            RunItems::Here(inputs) => self.inputs_made(id, inputs),
            RunItems::At(_) => self.ask_run_again(id),
        }
        Ok(())
    }

    fn map_run(&self, id: FrameId) -> Option<&MapRun> {
        match &self.execution.frames.get(&id)?.waiting {
            Waiting::Run(run) => Some(run),
            _ => None,
        }
    }

    fn map_run_mut(&mut self, id: FrameId) -> Option<&mut MapRun> {
        match &mut self.frame_mut(id)?.waiting {
            Waiting::Run(run) => Some(run),
            _ => None,
        }
    }

    /// The executions get these inputs.
    pub(super) fn inputs_made(&mut self, id: FrameId, inputs: Inputs) {
        if let Some(run) = self.map_run_mut(id) {
            run.set_inputs(inputs);
        }
        self.begin_executions(id);
    }

    /// Begins as many executions as may be alive at a time.
    fn begin_executions(&mut self, id: FrameId) {
        while let Some(index) = self.map_run(id).filter(|run| run.may_begin()).map(|run| run.begun)
        {
            if let Some(run) = self.map_run_mut(id) {
                run.begun += 1;
            }
            self.ask_for_execution(id, index);
        }
        if self.map_run(id).is_some_and(MapRun::is_complete) {
            self.ready.insert(id);
        }
    }

    fn ask_for_execution(&mut self, id: FrameId, index: u32) {
        let Some(run) = self.map_run(id) else { return };
        let Some(frame) = self.execution.frames.get(&id) else { return };
        let Some(input) = run.input(index) else { return };
        let name = run.execution_name(index);
        let start = StartChild {
            token: run.token((id, frame.entry), index),
            state: frame.state.clone(),
            machine: run.machine(),
            key: format!("{}/{index}", run.arn),
            name: Some(name),
            input,
            detached: false,
            map_run: Some(MapRunPart {
                arn: run.arn.clone(),
                state: frame.state.clone(),
                express: run.step.express,
            }),
        };
        self.effects.push(Effect::StartChild(Box::new(start)));
    }

    /// Asks for everything that a Map Run waits for: at first, or again after a restart.
    pub(super) fn ask_run_again(&mut self, id: FrameId) {
        let Some(frame) = self.execution.frames.get(&id) else { return };
        let Waiting::Run(run) = &frame.waiting else { return };
        let (state, entry) = (frame.state.clone(), frame.entry);
        let token = |random| Token { frame: id, entry, attempt: 0, random };
        match (&run.phase, &run.step.items) {
            (Phase::Reading { random }, RunItems::At(source)) => {
                let read = ReadItems { token: token(*random), state, source: source.clone() };
                self.effects.push(Effect::ReadItems(Box::new(read)));
            }
            (Phase::Writing { random, .. }, _) => {
                let Some(to) = &run.step.results.to else { return };
                let kept =
                    |index| self.execution.results.get(&ResultId { join: run.id, index }).cloned();
                let objects = results::objects(run, kept);
                let (token, bucket) = (token(*random), to.bucket.clone());
                let write = WriteResults { token, state, bucket, objects };
                self.effects.push(Effect::WriteResults(Box::new(write)));
            }
            (Phase::Running, _) => {
                for index in run.alive(&self.execution.results) {
                    self.ask_for_execution(id, index);
                }
            }
            // Items that the state found itself are never read.
            (Phase::Reading { .. }, RunItems::Here(_)) | (Phase::Failed, _) => {}
        }
    }

    /// Returns the Map Run that reads or writes under this token.
    fn run_of_objects(&self, token: Token) -> Option<&MapRun> {
        let run = self.map_run(token.frame)?;
        match run.phase {
            Phase::Reading { random } | Phase::Writing { random, .. } if random == token.random => {
                Some(run)
            }
            _ => None,
        }
    }

    pub(super) fn items_read(&mut self, token: Token, items: Vec<Data>) -> Flow<Taken> {
        let reads = |run: &MapRun| matches!(run.phase, Phase::Reading { .. });
        if !self.run_of_objects(token).is_some_and(reads) {
            return Ok(Taken::Stale);
        }
        let Some(frame) = self.execution.frames.get(&token.frame) else { return Ok(Taken::Stale) };
        let (state, input) = (frame.state.clone(), frame.input.clone());
        let Some(run) = self.map_run_mut(token.frame) else { return Ok(Taken::Stale) };
        // Nothing is read any more, whatever becomes of the items.
        run.phase = Phase::Running;
        let again = Some(Again::Run(Box::new(run.step.clone())));
        self.resume(token.frame, Resume::Items { state, input, items }, again)?;
        Ok(Taken::Committing)
    }

    pub(super) fn results_written(&mut self, token: Token) -> Flow<Taken> {
        let Some(Phase::Writing { failure, .. }) =
            self.run_of_objects(token).map(|run| run.phase.clone())
        else {
            return Ok(Taken::Stale);
        };
        match failure {
            Some(failure) => self.run_failed(token.frame, failure)?,
            None => {
                let result = self.map_run(token.frame).and_then(results::written);
                self.run_succeeded(token.frame, result.unwrap_or_default())?;
            }
        }
        Ok(Taken::Committing)
    }

    /// Items could not be read, or results not written. A Map Run that was to fail fails as it was.
    pub(super) fn objects_failed(&mut self, token: Token, failure: Failure) -> Flow<Taken> {
        let Some(run) = self.run_of_objects(token) else { return Ok(Taken::Stale) };
        let failure = match &run.phase {
            Phase::Writing { failure: Some(first), .. } => first.clone(),
            _ => failure,
        };
        self.run_failed(token.frame, failure.bounded())?;
        Ok(Taken::Committing)
    }

    /// An execution of a Map Run has ended.
    pub(super) fn execution_over(&mut self, token: Token, child: &ChildOutcome) -> Flow<Taken> {
        let (id, index) = (token.frame, token.attempt);
        if !self.execution.waits_for(token) {
            return Ok(Taken::Stale);
        }
        let Some(run) = self.map_run_mut(id) else { return Ok(Taken::Stale) };
        let items = run.items_of(index);
        run.executions.add(&child.status, 1);
        run.items.add(&child.status, items);
        let (result, has_failed) = (results::kept(run, child), run.has_failed());
        let result_id = ResultId { join: run.id, index };
        self.execution.results.insert(result_id, result);
        self.execution.changes.results.insert(result_id);
        if has_failed && !matches!(child.status, Status::Succeeded(_)) {
            self.stop_run(id);
            let failure = Failure::new(
                names::EXCEED_TOLERATED_FAILURE_THRESHOLD,
                "The specified tolerated failure threshold was exceeded",
            );
            self.write_or(id, Some(failure))?;
        } else {
            self.begin_executions(id);
        }
        Ok(Taken::Committing)
    }

    /// All executions of a Map Run have ended.
    pub(super) fn executions_over(&mut self, id: FrameId) -> Flow {
        self.write_or(id, None)
    }

    /// Writes the results, if they are to be written; otherwise the Map Run ends.
    fn write_or(&mut self, id: FrameId, failure: Option<Failure>) -> Flow {
        let random = self.random.next();
        let Some(run) = self.map_run_mut(id) else { return Ok(()) };
        if run.step.results.to.is_some() {
            run.phase = Phase::Writing { random, failure };
            self.ask_run_again(id);
            return Ok(());
        }
        if let Some(failure) = failure {
            return self.run_failed(id, failure);
        }
        let Some(run) = self.map_run(id) else { return Ok(()) };
        let all = ResultId { join: run.id, index: 0 }..=ResultId { join: run.id, index: u32::MAX };
        let kept = self.execution.results.range(all).map(|(_, result)| result.clone());
        let result = results::joined(run, kept);
        self.run_succeeded(id, result)
    }

    fn run_succeeded(&mut self, id: FrameId, result: Data) -> Flow {
        let Some(run) = self.map_run(id) else { return Ok(()) };
        let (join, counts) = (run.id, run.counts());
        let again = Again::Run(Box::new(run.step.clone()));
        self.forget_results(join);
        let last = self.record_in(id, HistoryKind::MapRunSucceeded(counts))?;
        let Some(frame) = self.execution.frames.get(&id) else { return Ok(()) };
        let (state, input) = (frame.state.clone(), frame.input.clone());
        if self.too_large(&result) {
            return self.fault(id, Fault::too_large(&state));
        }
        // As with the other joins: the state's exit follows what this event follows (recorded;
        // since the autumn of 2024 AWS has it follow the beginning of the Map Run).
        self.record(last, HistoryKind::MapStateSucceeded)?;
        self.resume(id, Resume::Done { state, input, result }, Some(again))
    }

    fn run_failed(&mut self, id: FrameId, failure: Failure) -> Flow {
        let Some(run) = self.map_run_mut(id) else { return Ok(()) };
        run.phase = Phase::Failed;
        let (join, counts) = (run.id, run.counts());
        let again = Again::Run(Box::new(run.step.clone()));
        self.fallen_joins.insert(join);
        self.record_in(id, HistoryKind::MapRunFailed { failure: failure.clone(), counts })?;
        self.fault(id, Fault::of_children(failure, again))
    }

    /// What the state makes of the items that were read failed: the Map Run fails first. Gives whether
    /// there was one.
    pub(super) fn run_fails_with(&mut self, id: FrameId, failure: &Failure) -> Flow<bool> {
        let Some(run) = self.map_run(id) else { return Ok(false) };
        let counts = run.counts();
        self.record_in(id, HistoryKind::MapRunFailed { failure: failure.clone(), counts })?;
        Ok(true)
    }

    /// The Map Run goes down with the frames around it.
    pub(super) fn abort_run(&mut self, id: FrameId) -> Flow {
        let Some(run) = self.map_run(id) else { return Ok(()) };
        let (join, counts) = (run.id, run.counts());
        self.fallen_joins.insert(join);
        self.record_in(id, HistoryKind::MapRunAborted(counts))?;
        Ok(())
    }

    /// Asks that all that runs for a Map Run ends.
    pub(super) fn stop_run(&mut self, id: FrameId) {
        let Some(frame) = self.execution.frames.get(&id) else { return };
        let Waiting::Run(run) = &frame.waiting else { return };
        let entry = frame.entry;
        match run.phase {
            Phase::Reading { random } | Phase::Writing { random, .. } => {
                let token = Token { frame: id, entry, attempt: 0, random };
                self.effects.push(Effect::CancelObjects { token });
            }
            Phase::Running => {
                let machine = run.machine();
                let arn = |index| {
                    let name = run.execution_name(index);
                    let kind = if run.step.express { ":express:" } else { ":execution:" };
                    format!("{}:{name}", machine.replacen(":stateMachine:", kind, 1))
                };
                let alive = run.alive(&self.execution.results).into_iter();
                self.effects.extend(alive.map(|index| Effect::StopChild {
                    token: run.token((id, entry), index),
                    execution: Some(arn(index)),
                }));
            }
            Phase::Failed => {}
        }
    }
}
