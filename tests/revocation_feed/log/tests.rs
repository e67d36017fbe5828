//! Tests of the faults of the log in memory.

#![cfg(test)]

use std::time::Duration;

use axum_protected::revocation::RevocationLog;
use tokio::time::{Instant, timeout};

use super::{Fault, LinkedLog, LostAnswers, Removal, SharedLog};

const WAIT: Duration = Duration::from_millis(250);

fn log_and_link() -> (SharedLog, LinkedLog) {
    let log = SharedLog::new(1);
    let linked = log.connect();
    (log, linked)
}

fn texts(log: &SharedLog) -> Vec<String> {
    log.records(log.newest()).into_iter().map(|(_, text)| text).collect()
}

async fn read(linked: &LinkedLog) -> Vec<String> {
    let page = linked.read(None, 100, WAIT).await.unwrap();
    page.records.into_iter().map(|(_, text)| text).collect()
}

#[tokio::test(start_paused = true)]
async fn a_read_waits_for_a_record_or_for_the_time() {
    let (log, linked) = log_and_link();
    let began = Instant::now();
    assert!(read(&linked).await.is_empty());
    assert_eq!(began.elapsed(), WAIT);
    let waiting = tokio::spawn(async move { read(&linked).await });
    tokio::time::sleep(WAIT / 2).await;
    log.append("one");
    assert_eq!(waiting.await.unwrap(), ["one"]);
    assert_eq!(began.elapsed(), WAIT + WAIT / 2);
}

#[tokio::test(start_paused = true)]
async fn a_page_has_at_most_as_many_records_as_asked_for() {
    let (log, linked) = log_and_link();
    let positions = ["one", "two", "three"].map(|text| log.append(text));
    let page = linked.read(Some(positions[0]), 1, WAIT).await.unwrap();
    assert_eq!(page.records, [(positions[1], "two".to_owned())]);
    assert_eq!((page.state.first, page.state.last), (Some(positions[0]), Some(positions[2])));
}

#[tokio::test(start_paused = true)]
async fn an_append_whose_answer_is_lost_may_have_arrived() {
    let (log, linked) = log_and_link();
    for lost in [LostAnswers::AsError, LostAnswers::InSilence] {
        log.set_link(linked.link(), |link| link.lost_answers = lost);
        for _ in 0..20 {
            let records = vec!["one".to_owned(), "two".to_owned()];
            let answer = timeout(WAIT, linked.append(records)).await;
            assert_eq!(answer.is_err(), lost == LostAnswers::InSilence);
            assert!(answer.is_err() || answer.unwrap().is_err());
        }
    }
    let texts = texts(&log);
    let count = |wanted: &str| texts.iter().filter(|text| *text == wanted).count();
    assert!(count("one") > count("two") && count("two") > 0, "{texts:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stalled_append_arrives_after_the_server_has_given_up() {
    let (log, linked) = log_and_link();
    log.set_link(linked.link(), |link| link.fault = Fault::Stall);
    assert!(timeout(WAIT, linked.append(vec!["one".to_owned()])).await.is_err());
    assert_eq!(log.calls(linked.link()), 0);
    log.set_link(linked.link(), |link| link.fault = Fault::None);
    assert_eq!(read(&linked).await, ["one"]);
}

#[tokio::test(start_paused = true)]
async fn calls_fail_or_hang_when_another_copy_takes_over() {
    for is_silent in [false, true] {
        let (log, linked) = log_and_link();
        log.append("one");
        let position = log.append("two");
        let link = linked.link();
        let blocked = linked.clone();
        let waiting = tokio::spawn(async move {
            timeout(Duration::from_secs(60), blocked.read(Some(position), 9, WAIT)).await
        });
        tokio::time::sleep(WAIT / 2).await;
        log.take_over(log.lagging(1, 100), &[link], is_silent);
        assert_eq!(waiting.await.unwrap().is_err(), is_silent);
        // The new connection works.
        assert_eq!(read(&linked).await, ["one"]);
        assert!(linked.read(Some(position), 9, WAIT).await.unwrap().records.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn two_primaries_have_records_of_their_own() {
    let (log, one) = log_and_link();
    let other = log.connect();
    log.take_over(log.lagging(0, 0), &[other.link()], false);
    one.append(vec!["old".to_owned()]).await.unwrap();
    other.append(vec!["new".to_owned()]).await.unwrap();
    assert_eq!(
        (read(&one).await, read(&other).await),
        (vec!["old".to_owned()], vec!["new".to_owned()])
    );
    log.attach(log.newest(), &[one.link()], false);
    assert_eq!(read(&one).await, ["new"]);
}

#[tokio::test(start_paused = true)]
async fn removed_records_are_not_read() {
    let (log, linked) = log_and_link();
    for number in 0..4 {
        log.append(number.to_string());
    }
    log.remove(Removal::Single, |index| index == 2);
    assert_eq!(read(&linked).await, ["0", "1", "3"]);
    let last = log.records(0)[2].0;
    linked.trim(last).await.unwrap();
    assert_eq!(read(&linked).await, ["3"]);
}

#[tokio::test(start_paused = true)]
async fn a_stopped_process_neither_sends_nor_receives() {
    let (log, linked) = log_and_link();
    let link = linked.link();
    log.set_link(link, |link| link.is_paused = true);
    let appending = linked.append(vec!["one".to_owned()]);
    assert!(timeout(WAIT, appending).await.is_err());
    assert!(texts(&log).is_empty());
    log.set_link(link, |link| link.is_paused = false);
    assert_eq!(read(&linked).await, ["one"]);
}

#[tokio::test(start_paused = true)]
async fn silence_is_never_answered_and_errors_are_immediate() {
    let (log, linked) = log_and_link();
    let link = linked.link();
    let asked = |fault| {
        log.set_link(link, |link| link.fault = fault);
        timeout(Duration::from_secs(3600), linked.read(None, 9, WAIT))
    };
    assert!(asked(Fault::Silence).await.is_err());
    assert!(asked(Fault::Errors).await.unwrap().is_err());
    assert!(asked(Fault::None).await.unwrap().is_ok());
}
