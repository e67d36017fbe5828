mod fakes;

use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{Instant, sleep, timeout};

use self::fakes::{Answer, Bench, KEY};
use super::*;

/// Seconds after which the first token of a bench is about to expire, and after which it has expired.
const SOON: Duration = Duration::from_secs(280);
const EXPIRED: Duration = Duration::from_secs(301);

#[tokio::test(start_paused = true)]
async fn a_token_that_lives_long_enough_is_returned_without_the_provider() {
    let bench = Bench::new();
    sleep(Duration::from_secs(269)).await;
    assert_eq!(bench.token().await, Ok("a0".to_owned()));
    assert_eq!(bench.provider.calls(), 0);
}

#[tokio::test(start_paused = true)]
async fn six_requests_at_expiry_cause_one_refresh() {
    for after in [SOON, EXPIRED] {
        let bench = Bench::new();
        sleep(after).await;
        let six = join_all((0..6).map(|_| bench.token())).await;
        assert_eq!(six, [(); 6].map(|()| Ok("a1".to_owned())));
        assert_eq!(bench.provider.calls(), 1);
        assert_eq!(bench.stored().unwrap().refresh_token.as_deref(), Some("r1"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_refresh_survives_the_request_that_caused_it() {
    let bench = Bench::new();
    sleep(EXPIRED).await;
    let aborted = timeout(Duration::from_millis(10), bench.token()).await;
    assert!(aborted.is_err());
    assert_eq!(bench.token().await, Ok("a1".to_owned()));
    sleep(EXPIRED).await;
    assert_eq!(bench.token().await, Ok("a2".to_owned()));
    assert_eq!(bench.provider.calls(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failed_refresh_is_not_an_error_while_the_token_is_valid() {
    let bench = Bench::new();
    bench.provider.answer(Answer::Unavailable);
    sleep(SOON).await;
    for _ in 0..5 {
        assert_eq!(bench.token().await, Ok("a0".to_owned()));
    }
    assert_eq!(bench.provider.calls(), 1, "the next attempt waits");
    sleep(Duration::from_secs(3)).await;
    assert_eq!(bench.token().await, Ok("a0".to_owned()));
    assert_eq!(bench.provider.calls(), 2);
    sleep(Duration::from_secs(20)).await;
    for _ in 0..5 {
        assert_eq!(bench.token().await, Err(SessionError::Unavailable));
    }
    assert_eq!(bench.provider.calls(), 3);
    bench.provider.answer(Answer::Tokens);
    sleep(Duration::from_secs(3)).await;
    assert_eq!(bench.token().await, Ok("a4".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_refused_refresh_token_ends_the_session_when_its_token_expires() {
    let bench = Bench::new();
    bench.provider.answer(Answer::Refused);
    sleep(SOON).await;
    for _ in 0..5 {
        assert_eq!(bench.token().await, Ok("a0".to_owned()));
    }
    sleep(Duration::from_secs(21)).await;
    assert_eq!(bench.token().await, Err(SessionError::Ended));
    assert_eq!(bench.provider.calls(), 1, "a refused token is not used again");
    assert!(bench.stored().is_none());
    assert_eq!(bench.token().await, Err(SessionError::Ended));
}

#[tokio::test(start_paused = true)]
async fn the_tokens_of_another_instance_are_found_after_a_refusal() {
    for delay in [0, 300] {
        let bench = Bench::new();
        sleep(EXPIRED).await;
        bench.provider.answer(Answer::Refused);
        let other = bench.with_tokens("a9", "r9");
        let save = async {
            sleep(Duration::from_millis(100 + delay)).await;
            bench.store.put(KEY, other);
        };
        let (token, ()) = tokio::join!(bench.token(), save);
        assert_eq!(token, Ok("a9".to_owned()), "{delay}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_that_ends_during_its_refresh_does_not_come_back() {
    let bench = Bench::new();
    sleep(EXPIRED).await;
    let end = async {
        sleep(Duration::from_millis(50)).await;
        let begin = Instant::now();
        let now = bench.provider.now();
        bench.refresher.0.sessions.end_subject("alice", now).await.unwrap();
        assert_eq!(begin.elapsed(), Duration::ZERO, "an end waits for no flight");
    };
    let (token, ()) = tokio::join!(bench.token(), end);
    assert_eq!(token, Err(SessionError::Ended));
    sleep(Duration::from_secs(1)).await;
    assert_eq!(*bench.provider.revoked.lock().unwrap(), ["r1"]);
    assert!(bench.stored().is_none());
    assert_eq!(bench.token().await, Err(SessionError::Ended));
}

#[tokio::test(start_paused = true)]
async fn tokens_that_the_store_does_not_save_are_used_and_saved_later() {
    let bench = Bench::new();
    sleep(EXPIRED).await;
    bench.store.fails_to_save.store(true, Ordering::Relaxed);
    for _ in 0..3 {
        assert_eq!(bench.token().await, Ok("a1".to_owned()));
    }
    assert_eq!(bench.stored().unwrap().access_token, "a0");
    sleep(Duration::from_secs(30)).await;
    bench.store.fails_to_save.store(false, Ordering::Relaxed);
    assert_eq!(bench.token().await, Ok("a1".to_owned()));
    sleep(Duration::from_secs(40)).await;
    assert_eq!(bench.stored().unwrap().access_token, "a1");
    assert_eq!(bench.provider.calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_save_that_never_succeeds_ends() {
    let bench = Bench::new();
    sleep(EXPIRED).await;
    bench.store.fails_to_save.store(true, Ordering::Relaxed);
    assert_eq!(bench.token().await, Ok("a1".to_owned()));
    sleep(Duration::from_secs(200)).await;
    assert_eq!(bench.refresher.0.flights.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_store_or_a_provider_that_does_not_answer_is_bounded() {
    let bench = Bench::new();
    sleep(EXPIRED).await;
    bench.provider.answer(Answer::Never);
    let begin = Instant::now();
    assert_eq!(bench.token().await, Err(SessionError::Unavailable));
    assert_eq!(begin.elapsed().as_secs(), 10);
    bench.store.hangs.store(true, Ordering::Relaxed);
    assert_eq!(bench.token().await, Err(SessionError::Unavailable));
    assert_eq!(begin.elapsed().as_secs(), 15);
}

#[tokio::test(start_paused = true)]
async fn a_request_with_a_valid_token_does_not_wait_long() {
    let bench = Bench::new();
    sleep(SOON).await;
    bench.provider.answer(Answer::Never);
    let begin = Instant::now();
    assert_eq!(bench.token().await, Ok("a0".to_owned()));
    assert_eq!(begin.elapsed().as_secs(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_not_the_end_of_a_session() {
    let bench = Bench::new();
    sleep(EXPIRED).await;
    bench.provider.answer(Answer::Panic);
    let three = join_all((0..3).map(|_| bench.token())).await;
    assert_eq!(three, [(); 3].map(|()| Err(SessionError::Unavailable)));
    bench.provider.answer(Answer::Tokens);
    assert_eq!(bench.token().await, Ok("a2".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn tokens_of_another_user_end_the_session() {
    let bench = Bench::new();
    sleep(SOON).await;
    bench.provider.answer(Answer::OtherSubject);
    assert_eq!(bench.token().await, Err(SessionError::Ended));
    assert!(bench.stored().is_none());
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_a_refresh_token_keeps_the_old_one() {
    let bench = Bench::new();
    bench.provider.answer(Answer::AccessTokenOnly);
    for number in 1..4 {
        sleep(EXPIRED).await;
        assert_eq!(bench.token().await, Ok(format!("a{number}")));
        let record = bench.stored().unwrap();
        assert_eq!(record.refresh_token.as_deref(), Some("r0"));
        assert_eq!(record.id_token.as_deref(), Some("id-token"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_ends_at_its_limit_and_without_a_refresh_token_with_its_token() {
    let bench = Bench::new();
    sleep(Duration::from_secs(8 * 3600)).await;
    assert_eq!(bench.token().await, Err(SessionError::Ended));
    assert!(bench.stored().is_none());

    let bench = Bench::new();
    bench.store.put(KEY, SessionRecord { refresh_token: None, ..bench.with_tokens("a", "") });
    sleep(SOON).await;
    assert_eq!(bench.token().await, Ok("a".to_owned()));
    sleep(EXPIRED).await;
    assert_eq!(bench.token().await, Err(SessionError::Ended));
    assert_eq!(bench.provider.calls(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_sealed_session_finds_the_outcome_for_its_old_cookie() {
    let bench = Bench::sealed().await;
    sleep(EXPIRED).await;
    let six = join_all((0..6).map(|_| bench.token())).await;
    assert_eq!(six, [(); 6].map(|()| Ok("a1".to_owned())));
    sleep(Duration::from_secs(50)).await;
    assert_eq!(bench.token().await, Ok("a1".to_owned()), "the old cookie again");
    assert_eq!(bench.provider.calls(), 1);
    sleep(Duration::from_secs(20)).await;
    assert_eq!(bench.token().await, Err(SessionError::Ended), "the provider sees a second use");
}

#[tokio::test(start_paused = true)]
async fn a_new_refresh_token_is_kept_although_the_access_token_stays_the_same() {
    let bench = Bench::sealed().await;
    let sessions = &bench.refresher.0.sessions;
    let record = bench.refresher.fresh(&bench.session).await.unwrap();
    assert!(sessions.renewed_cookie(&bench.session, &record).is_none());
    sleep(EXPIRED).await;
    bench.provider.answer(Answer::RefreshTokenOnly);
    for _ in 0..2 {
        let record = bench.refresher.fresh(&bench.session).await.unwrap();
        assert_eq!(record.refresh_token.as_deref(), Some("r1"));
        assert!(sessions.renewed_cookie(&bench.session, &record).is_some());
    }
    assert_eq!(bench.provider.calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_old_sealed_cookie_after_the_end_of_its_session_is_useless() {
    let bench = Bench::sealed().await;
    sleep(EXPIRED).await;
    assert_eq!(bench.token().await, Ok("a1".to_owned()));
    let record = bench.refresher.fresh(&bench.session).await.unwrap();
    let sessions = &bench.refresher.0.sessions;
    assert!(sessions.renewed_cookie(&bench.session, &record).is_some());
    sessions.end(&bench.session, bench.provider.now()).await.unwrap();
    assert_eq!(bench.token().await, Err(SessionError::Ended));
    assert!(sessions.renewed_cookie(&bench.session, &record).is_none(), "a late answer");
}

#[tokio::test(start_paused = true)]
async fn a_sealed_session_whose_new_tokens_do_not_fit_ends() {
    let bench = Bench::sealed().await;
    sleep(EXPIRED).await;
    bench.provider.answer(Answer::Long);
    assert_eq!(bench.token().await, Err(SessionError::Ended));
    assert_eq!(bench.token().await, Err(SessionError::Ended));
}
