//! Appending, reading and trimming on one server.

use std::time::Duration;

use axum_protected::revocation::{LogPosition, RevocationLog};
use axum_protected_redis::RedisSettings;
use tokio::time::Instant;

use super::server::RedisServer;
use super::{append, append_error, log, read, read_error, texts};

const KEY: &str = "axum-protected:revocations";

#[tokio::test]
async fn records_are_read_in_order_from_any_position() {
    let server = RedisServer::start();
    let log = log(&server.url());
    append(&log, &["a", "b"]).await;
    append(&log, &["c"]).await;

    let page = read(&log, None).await;
    assert_eq!(texts(&page), ["a", "b", "c"]);
    let positions: Vec<_> = page.records.iter().map(|(position, _)| *position).collect();
    assert!(positions.is_sorted() && positions[0] < positions[2], "{positions:?}");
    assert_eq!(page.state.first, Some(positions[0]));
    assert_eq!(page.state.last, Some(positions[2]));

    assert_eq!(texts(&read(&log, Some(positions[0])).await), ["b", "c"]);
    assert_eq!(texts(&read(&log, Some(positions[2])).await), [""; 0]);
    assert_eq!(texts(&log.read(None, 2, Duration::ZERO).await.unwrap()), ["a", "b"]);
    assert_eq!(texts(&log.read(None, 0, Duration::ZERO).await.unwrap()), [""; 0]);
    let beyond = LogPosition::new(u64::MAX, u64::MAX);
    assert_eq!(texts(&read(&log, Some(beyond)).await), [""; 0]);
}

#[tokio::test]
async fn a_key_that_does_not_exist_is_an_empty_log() {
    let server = RedisServer::start();
    let log = log(&server.url());
    let page = read(&log, None).await;
    assert_eq!((page.state.first, page.state.last, page.records.len()), (None, None, 0));
    append(&log, &[]).await;
    assert!(!server.command::<bool>(&["EXISTS", KEY]));
    log.trim(LogPosition::new(1, 0)).await.unwrap();
}

#[tokio::test]
async fn a_read_waits_for_a_record_and_no_longer_than_asked() {
    let server = RedisServer::start();
    let log = log(&server.url());
    read(&log, None).await;
    let start = Instant::now();
    let page = log.read(None, 10, Duration::from_millis(250)).await.unwrap();
    assert_eq!(page.records, []);
    assert!((240..1000).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());

    let start = Instant::now();
    let (page, ()) = tokio::join!(log.read(None, 10, Duration::from_secs(20)), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        append(&log, &["a"]).await;
    });
    assert_eq!(texts(&page.unwrap()), ["a"]);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[tokio::test]
async fn trimming_removes_exactly_the_records_before_the_position() {
    let server = RedisServer::start();
    let log = log(&server.url());
    let records: Vec<_> = (0..500).map(|number| number.to_string()).collect();
    log.append(records).await.unwrap();
    let page = log.read(None, 1000, Duration::ZERO).await.unwrap();
    let (position, last) = (page.records[123].0, page.state.last);

    log.trim(position).await.unwrap();
    let page = log.read(None, 1000, Duration::ZERO).await.unwrap();
    assert_eq!(page.records.len(), 377);
    assert_eq!(page.state.first, Some(position));
    assert_eq!(page.state.last, last);

    log.trim(LogPosition::new(u64::MAX, 0)).await.unwrap();
    let page = read(&log, None).await;
    assert_eq!((page.state.first, page.state.last), (None, last), "the last position stays known");
}

/// A record that is left out could be a revocation.
#[tokio::test]
async fn entries_that_are_not_records_are_empty_texts_at_their_positions() {
    let server = RedisServer::start();
    let mut connection = redis::Client::open(server.url()).unwrap().get_connection().unwrap();
    let mut add = |fields: &[&[u8]]| {
        redis::cmd("XADD").arg(KEY).arg("*").arg(fields).query::<String>(&mut connection).unwrap()
    };
    let positions = [
        add(&[b"r", b"good"]),
        add(&[b"r", b"\xff\xfe"]),
        add(&[b"other", b"record"]),
        add(&[b"r", b"one", b"r", b"two"]),
        add(&[b"r", b"one", b"extra", b"two"]),
        add(&[b"", b""]),
        add(&[b"r", b"a\0b\r\n"]),
    ];
    let page = read(&log(&server.url()), None).await;
    assert_eq!(texts(&page), ["good", "", "", "", "", "", "a\0b\r\n"]);
    let read: Vec<_> = page.records.iter().map(|(position, _)| position.to_string()).collect();
    assert_eq!(read, positions);
}

#[tokio::test]
async fn a_key_of_another_type_is_an_error() {
    let server = RedisServer::start();
    server.command::<()>(&["SET", KEY, "text"]);
    let log = log(&server.url());
    let expected = format!(
        "the Redis server `127.0.0.1:{}` answered with the error `WRONGTYPE: Operation against a key \
         holding the wrong kind of value`",
        server.port
    );
    assert_eq!(read_error(&log).await, expected);
    assert_eq!(append_error(&log, "a").await, expected);
    assert_eq!(log.trim(LogPosition::new(1, 0)).await.unwrap_err().to_string(), expected);
    server.command::<()>(&["DEL", KEY]);
    append(&log, &["a"]).await;
    assert_eq!(texts(&read(&log, None).await), ["a"]);
}

#[tokio::test]
async fn the_stream_and_the_database_are_those_of_the_settings() {
    let server = RedisServer::start();
    let settings = RedisSettings::new(format!("{}/3", server.url())).stream("other");
    append(&settings.open().unwrap().revocation_log(), &["a"]).await;
    assert_eq!(texts(&read(&log(&server.url()), None).await), [""; 0]);
    let mut connection = redis::Client::open(format!("{}/3", server.url())).unwrap();
    let length: u64 = redis::cmd("XLEN").arg("other").query(&mut connection).unwrap();
    assert_eq!(length, 1);
}

#[tokio::test]
async fn large_records_and_large_pages_are_read() {
    let server = RedisServer::start();
    let log = log(&server.url());
    let record = "x".repeat(16 * 1024);
    for _ in 0..8 {
        log.append(vec![record.clone(); 128]).await.unwrap();
    }
    let page = log.read(None, 1024, Duration::ZERO).await.unwrap();
    assert_eq!(page.records.len(), 1024);
    assert!(page.records.iter().all(|(_, read)| *read == record));
}

/// A call that is dropped must not leave an answer behind for the next one.
#[tokio::test]
async fn a_cancelled_read_does_not_disturb_the_next_one() {
    let server = RedisServer::start();
    let log = log(&server.url());
    append(&log, &["a"]).await;
    let last = read(&log, None).await.state.last;
    for _ in 0..10 {
        let reading = log.read(last, 10, Duration::from_secs(10));
        assert!(tokio::time::timeout(Duration::from_millis(20), reading).await.is_err());
        assert_eq!(texts(&read(&log, None).await), ["a"]);
    }
}
