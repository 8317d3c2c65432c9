//! The token that a signer shows.

use std::path::{Path, PathBuf};

use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use thiserror::Error;
use tokio::io::AsyncReadExt;
use zeroize::Zeroizing;

/// Fewest characters: at four bits each, 128 bits.
const LEAST: usize = 32;
/// Longest file that is looked at, bytes.
const MOST: u64 = 1_024;

/// The token, read when it is needed, so that a changed file holds at once. It is never printed.
pub(super) struct Token(Zeroizing<Vec<u8>>);

/// Why there is no token to compare with. None of them tells anything of it.
#[derive(Debug, Error)]
pub(super) enum TokenError {
    #[error("cannot read the signer token from {path}: {source}")]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error(
        "the signer token in {0} is not one line of at least {LEAST} printable characters: \
         make one with `openssl rand -hex 32`"
    )]
    Shape(PathBuf),
}

impl Token {
    /// Reads the token of a file, without the line's end.
    pub(super) async fn read(path: &Path) -> Result<Self, TokenError> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(MOST).unwrap_or(0)));
        let read = async {
            let file = tokio::fs::File::open(path).await?;
            file.take(MOST).read_to_end(&mut bytes).await
        };
        read.await.map_err(|source| TokenError::Read {
            path: path.to_owned(),
            source,
        })?;
        let token = bytes.trim_ascii();
        if token.len() < LEAST || !token.iter().all(u8::is_ascii_graphic) {
            return Err(TokenError::Shape(path.to_owned()));
        }
        Ok(Self(Zeroizing::new(token.to_vec())))
    }

    /// Whether the one `Authorization` header is `Bearer` with this token. How long it takes says
    /// nothing of how much of it was right.
    pub(super) fn is_shown(&self, headers: &HeaderMap) -> bool {
        let mut values = headers.get_all(header::AUTHORIZATION).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return false;
        };
        let Some((scheme, shown)) = value.as_bytes().split_at_checked(SCHEME.len()) else {
            return false;
        };
        // Digests, so that the lengths are equal too.
        let same = Sha256::digest(shown).ct_eq(&Sha256::digest(&*self.0));
        scheme.eq_ignore_ascii_case(SCHEME) && bool::from(same)
    }
}

const SCHEME: &[u8] = b"Bearer ";

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const GOOD: &str = "0123456789abcdef0123456789abcdef";

    fn shown(values: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        Token(Zeroizing::new(GOOD.into())).is_shown(&headers)
    }

    #[test]
    fn only_the_whole_token_under_bearer_is_right() {
        assert!(shown(&[&format!("Bearer {GOOD}")]));
        assert!(shown(&[&format!("bearer {GOOD}")]));
        let refused = [
            String::new(),
            "Bearer ".to_owned(),
            "Bearer".to_owned(),
            GOOD.to_owned(),
            format!("Basic {GOOD}"),
            format!("Bearer  {GOOD}"),
            format!("Bearer {GOOD}0"),
            format!("Bearer {}", &GOOD[1..]),
            format!("Bearer {}", GOOD.to_uppercase()),
        ];
        for value in &refused {
            assert!(!shown(&[value]), "{value:?}");
        }
        let twice = format!("Bearer {GOOD}");
        assert!(!shown(&[&twice, &twice]));
        assert!(!shown(&[]));
    }

    #[tokio::test]
    async fn a_file_without_a_usable_token_lets_nobody_in_and_tells_nothing_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        for content in [
            "",
            "\n",
            "short-secret\n",
            "two lines of it\nand more of it, long",
        ] {
            std::fs::write(&file, content).unwrap();
            let message = Token::read(&file).await.err().unwrap().to_string();
            assert!(message.contains("openssl rand"), "{message}");
            assert!(!message.contains("secret"), "{message}");
        }
        std::fs::remove_file(&file).unwrap();
        let message = Token::read(&file).await.err().unwrap().to_string();
        assert!(message.contains("cannot read"), "{message}");
        std::fs::write(&file, format!("{GOOD}\r\n")).unwrap();
        assert_eq!(&**Token::read(&file).await.unwrap().0, GOOD.as_bytes());
    }
}
