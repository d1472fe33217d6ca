//! Statistics and their lines, as the peers print them.

use std::{
    fs,
    io::{Seek as _, Write as _},
    path::Path,
    process,
    time::{Duration, Instant},
};

/// Runs one workflow at a time, after three to warm up.
pub(crate) async fn measure_one<F>(name: &str, what: &str, count: usize, run: impl Fn(String) -> F)
where
    F: Future<Output = ()>,
{
    let process = process::id();
    for i in 0..3 {
        run(format!("w{process}-{what}-{i}")).await;
    }
    let mut times = Vec::new();
    for i in 0..count {
        let begin = Instant::now();
        run(format!("l{process}-{what}-{i}")).await;
        times.push(begin.elapsed().as_secs_f64());
    }
    println!("{name}\t{what}\tconc=1\t{}", percentiles(&mut times));
}

/// Runs so many workflows at a time for so long, after two seconds to warm up.
pub(crate) async fn measure_many<R, F>(
    name: &str,
    what: &str,
    workflows: usize,
    seconds: f64,
    steps: usize,
    run: R,
) where
    R: Fn(String) -> F + Send + Sync + Clone + 'static,
    F: Future<Output = ()> + Send,
{
    let (begin, cpu) = (Instant::now(), cpu_seconds());
    let measured = begin + Duration::from_secs(2);
    let end = measured + Duration::from_secs_f64(seconds);
    let runners: Vec<_> = (0..workflows)
        .map(|runner| {
            let (run, what) = (run.clone(), what.to_owned());
            tokio::spawn(async move {
                let mut times = Vec::new();
                for i in 0.. {
                    let begin = Instant::now();
                    if begin >= end {
                        break;
                    }
                    run(format!("t{}-{what}-{runner}-{i}", process::id())).await;
                    if (measured..=end).contains(&Instant::now()) {
                        times.push(begin.elapsed().as_secs_f64());
                    }
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for runner in runners {
        times.extend(runner.await.unwrap());
    }
    let per_second = times.len() as f64 / seconds;
    println!(
        "{name}\t{what}\tconc={workflows}\tsecs={seconds}\twf/s={per_second:.1}\tsteps/s={:.0}\t{}\t\
         selfcpu_s={:.1}",
        per_second * steps as f64,
        percentiles(&mut times),
        cpu_seconds() - cpu
    );
}

/// Measures what the disk needs for the eleven commits of ten steps: eleven times two pages
/// overwritten and synced.
pub(crate) fn syncs(name: &str, folder: &Path, count: usize) {
    let mut file = tempfile::tempfile_in(folder).unwrap();
    file.write_all(&vec![0; 4 << 20]).unwrap();
    file.sync_all().unwrap();
    let mut times: Vec<f64> = (0..count)
        .map(|_| {
            file.rewind().unwrap();
            let begin = Instant::now();
            for _ in 0..11 {
                file.write_all(&[1; 8240]).unwrap();
                file.sync_all().unwrap();
            }
            begin.elapsed().as_secs_f64()
        })
        .collect();
    println!("{name}\tfsync11\tconc=1\t{}", percentiles(&mut times));
}

fn percentiles(times: &mut [f64]) -> String {
    times.sort_by(f64::total_cmp);
    let Some(longest) = times.last() else {
        return "none".to_owned();
    };
    let at = |share: f64| {
        let place = (times.len() as f64 * share) as usize;
        times.get(place).unwrap_or(longest) * 1e3
    };
    format!(
        "n={} p50_ms={:.2} p90_ms={:.2} p99_ms={:.2} max_ms={:.2}",
        times.len(),
        at(0.5),
        at(0.9),
        at(0.99),
        longest * 1e3
    )
}

/// Memory of this process.
pub(crate) fn resident_kilobytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Processor time of this process: the 12th and 13th field after its name, in hundredths.
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let times: Vec<f64> = fields.skip(11).take(2).filter_map(|text| text.parse().ok()).collect();
    times.iter().sum::<f64>() / 100.0
}
