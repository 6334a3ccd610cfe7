//! Many runners at once.

use super::*;

#[test]
fn two_ten_and_fifty_runners() {
    if shared().is_none() {
        return skipped("two, ten, fifty runners at once", "no PostgreSQL");
    }
    for runners in [2, 10, 50] {
        let url = database().unwrap();
        let story = hard(&url);
        let begun = std::time::Instant::now();
        let running: Vec<Child> = (0..runners).map(|_| start(&story, "migrate")).collect();
        let outputs: Vec<Output> =
            running.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
        let seconds = begun.elapsed().as_secs_f32();
        for output in &outputs {
            assert_eq!(output.status.code(), Some(0), "{}", text(output));
        }
        let worked = outputs.iter().filter(|output| text(output).contains("5 migrations applied")).count();
        let idle = outputs.iter().filter(|output| text(output).contains("nothing to apply: 5")).count();
        assert_eq!((worked, idle), (1, runners - 1));
        is_whole(&url);
        told(
            &format!("{runners} runners at once"),
            runners,
            &format!("one applied all, {idle} waited and had nothing to do; all exit 0, {seconds:.1} s"),
            "none",
        );
    }
}

#[test]
fn a_full_server_is_waited_for() {
    let Some(mut server) = Server::start("full", &["max_connections=6", "superuser_reserved_connections=1"])
    else {
        return skipped("no connection free", "no PostgreSQL");
    };
    let url = server.database();
    connect(&url)
        .batch_execute(
            "create role app login; grant create on database d1 to app; grant all on schema public to app",
        )
        .unwrap();
    let as_app = url.replace("user=postgres", "user=app");
    let mut held: Vec<Client> = (0..5).map(|_| connect(&as_app)).collect();
    let story = hard(&as_app);
    let running = start(&story, "migrate");
    std::thread::sleep(std::time::Duration::from_millis(1500));
    held.clear();
    let output = running.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    assert_eq!(count(&url, "select count(*) from log"), 9);
    told("no connection free on the server", 1, "waited until one was, then applied all; exit 0", "none");
}
