//! Measures Clinicue against the bound: the built server and the minimal queue, each in a process
//! of its own, against a LINE in a third. The ratios hold on any machine; the figures alone do not.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use clinicue::{
    clock::{Clock as _, SystemClock},
    domain::staff::Role,
    ops::tokens,
    store::Store,
};
use serde_json::{Value, json};

use crate::{
    minimal,
    outside::{Api, Process, Server},
};

/// Messages each part sends.
const COUNT: usize = 10_000;
/// Rounds of each part; the median is shown.
const ROUNDS: usize = 3;

const LINE: &str = "play-line";
const MINIMAL: &str = "run-minimal";

/// The figures of one run.
#[derive(Clone, Copy, Debug)]
struct Run {
    accepted_s: f64,
    total_s: f64,
    cpu_s: f64,
    peak_mib: f64,
    rest_mib: f64,
}

/// Plays the part this process was started for; `false` where it was started for none.
pub(crate) fn plays_a_part(wanted: Option<&str>) -> bool {
    let part = match wanted {
        Some(part) if part == LINE || part == MINIMAL => part,
        _ => return false,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        if part == LINE {
            let (addr, _) = crate::listen(Duration::ZERO).await;
            println!("http://{addr}");
            std::future::pending::<()>().await;
        }
        let args: Vec<_> = std::env::args().skip_while(|a| a != MINIMAL).skip(1).collect();
        let (accepted_s, total_s) = minimal::run(&args[0], Path::new(&args[1]), COUNT).await;
        let own = Process::own();
        println!("{}", json!([accepted_s, total_s, own.cpu_s(), own.peak_mib()]));
    });
    true
}

/// Runs both in turn and prints how they compare.
pub(crate) async fn bound() {
    println!("{COUNT} messages, 10 at once, 0 ms LINE, accepted by the thousand, synchronous FULL");
    let (line, url) = Part::start(&[LINE]);
    let (mut least, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        least.push(least_run(&url));
        ours.push(our_run(&url).await);
    }
    drop(line);
    let (least, ours) = (median(least), median(ours));
    print("the least", &least);
    print("Clinicue", &ours);
    #[expect(clippy::cast_precision_loss, reason = "thousands fit")]
    let per_1000 = COUNT as f64 / 1_000.0;
    println!("  rate against the least:      {:.2} (bar: 0.50)", least.total_s / ours.total_s);
    println!("  CPU s per 1,000 messages:    {:.3} (bar: 0.200)", ours.cpu_s / per_1000);
    println!("  CPU against the least:       {:.2}", ours.cpu_s / least.cpu_s);
    println!("  accepting 1,000:             {:.0} ms (bar: 60)", ours.accepted_s / per_1000 * 1_000.0);
    println!("  memory at rest, at the peak: {:.0}, {:.0} MiB (bars: 16, 32)", ours.rest_mib, ours.peak_mib);
}

fn print(name: &str, run: &Run) {
    #[expect(clippy::cast_precision_loss, reason = "thousands fit")]
    let rate = COUNT as f64 / run.total_s;
    println!(
        "  {name:<9} {rate:>6.0}/s in all, accepted in {:.2} s, CPU {:.2} s, peak {:.0} MiB",
        run.accepted_s, run.cpu_s, run.peak_mib
    );
}

fn median(mut runs: Vec<Run>) -> Run {
    runs.sort_by(|a, b| a.total_s.total_cmp(&b.total_s));
    runs[runs.len() / 2]
}

/// A process that plays a part.
struct Part(Child);

impl Part {
    /// Starts the part and returns the first line it prints.
    fn start(args: &[&str]) -> (Self, String) {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(args)
            .stdout(Stdio::piped())
            .spawn()
            .expect("a part starts");
        let mut said = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut said).expect("a line");
        (Self(child), said.trim().to_owned())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn least_run(line: &str) -> Run {
    let dir = tempfile::tempdir().expect("a folder");
    let (_part, said) = Part::start(&[MINIMAL, line, dir.path().to_str().expect("a path")]);
    let [accepted_s, total_s, cpu_s, peak_mib] = serde_json::from_str(&said).expect("its figures");
    Run { accepted_s, total_s, cpu_s, peak_mib, rest_mib: f64::NAN }
}

async fn our_run(line: &str) -> Run {
    let dir = tempfile::tempdir().expect("a folder");
    let store = Store::open(dir.path(), clinicue::queue::migrations()).await.expect("opens");
    let token = tokens::create(&store, "bench", Role::Admin, SystemClock.now()).await.expect("a token");
    store.close().await;
    let server = Server::start(dir.path(), line);
    let api = Api { http: crate::outside(), token, base: server.base.clone() };
    let process = server.process();
    let patient = json!({ "displayName": "A", "lineUserId": format!("U{:032x}", 1) });
    let (_, patient) = api.call("POST", "/api/patients", Some(patient)).await;
    let rest_mib = process.resident_mib();
    let one = json!({ "patientId": patient["id"], "messageType": "text", "content": { "text": "Time for your medicine." } });
    let bulk = json!({ "messages": vec![one; 1_000] });
    let (cpu_before, began) = (process.cpu_s(), Instant::now());
    for _ in 0..COUNT / 1_000 {
        let (status, answer) = api.call("POST", "/api/messages/bulk", Some(bulk.clone())).await;
        assert_eq!(status, 202, "{answer}");
    }
    let accepted_s = began.elapsed().as_secs_f64();
    until_sent(&api).await;
    let total_s = began.elapsed().as_secs_f64();
    let run = Run {
        accepted_s,
        total_s,
        cpu_s: process.cpu_s() - cpu_before,
        peak_mib: process.peak_mib(),
        rest_mib,
    };
    server.stop();
    run
}

async fn until_sent(api: &Api) {
    loop {
        let (_, stats) = api.get("/api/jobs/stats").await;
        let queue = &stats["queues"]["messageDelivery"];
        let open = |name: &str| queue[name].as_i64().unwrap_or(1);
        if open("waiting") + open("active") == 0 {
            let (_, sums) = api.get("/api/jobs/delivery-stats").await;
            assert_eq!(sums["sent"], Value::from(COUNT), "one row each");
            return;
        }
        // Each look costs the server a count of its jobs.
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
