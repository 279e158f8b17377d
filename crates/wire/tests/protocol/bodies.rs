//! Bodies are bounded before and after decompression.

use raas_wire::{BodyError, MAX_ENCODED, MAX_PLAIN, decode, encode};

#[test]
fn a_body_comes_back_as_it_was() {
    let value = vec!["é\u{0}".to_owned(); 1000];
    let body = encode(&value).unwrap();
    assert!(body.len() < 200);
    assert_eq!(decode::<Vec<String>>(&body).unwrap(), value);
}

#[test]
fn too_large_bodies_are_refused_before_and_after_decompression() {
    assert!(matches!(decode::<String>(&vec![0; MAX_ENCODED + 1]), Err(BodyError::TooLarge { .. })));
    let bomb =
        zstd::encode_all(std::io::Read::take(std::io::repeat(b' '), MAX_PLAIN as u64 + 10), 1).unwrap();
    assert!(bomb.len() < 1 << 20);
    assert!(matches!(decode::<String>(&bomb), Err(BodyError::TooLarge { limit: MAX_PLAIN })));
}

#[test]
fn garbage_is_an_error_and_never_a_panic() {
    assert!(matches!(decode::<String>(b"no zstd"), Err(BodyError::Compression(_))));
    assert!(matches!(decode::<u32>(&encode(&"text").unwrap()), Err(BodyError::Json(_))));
}
