//! Pages far behind in a long list: they are read from its end. The statements are their callers'.

use std::future::Future;

use crate::DbError;

/// So many rows are soon passed over.
const NEAR: i64 = 10_000;

/// One page of a list and how many there are in all, by `read`: whether in reverse order, limit (0 counts, -1 is all), offset. The
/// reverse order must be the exact reverse.
pub(crate) async fn page<T, F>(
    (limit, offset): (i64, i64),
    read: impl Fn(bool, i64, i64) -> F,
) -> Result<(i64, Vec<T>), DbError>
where
    F: Future<Output = Result<(i64, Vec<T>), DbError>>,
{
    if limit > 0 && offset >= NEAR {
        let (count, _) = read(false, 0, 0).await?;
        let rows = limit.min(count - offset);
        let behind = count - offset - rows;
        if rows > 0 && behind < offset {
            let (now, mut page) = read(true, rows, behind).await?;
            // Rows that came or went meanwhile would have moved it.
            if now == count {
                page.reverse();
                return Ok((count, page));
            }
        }
    }
    read(false, limit, offset).await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 0 to 99,999, and which ways it was read.
    async fn of_numbers(limit: i64, offset: i64) -> (i64, Vec<i64>, Vec<bool>) {
        let ways = std::cell::RefCell::new(Vec::new());
        let read = |reverse: bool, limit: i64, offset: i64| {
            ways.borrow_mut().push(reverse);
            let of = |n: i64| if reverse { 99_999 - n } else { n };
            let to = if limit < 0 { 100_000 } else { (offset + limit).min(100_000) };
            let rows = (offset..to).map(of).collect();
            std::future::ready(Ok((100_000, rows)))
        };
        let (count, rows) = page((limit, offset), read).await.unwrap();
        (count, rows, ways.take())
    }

    #[tokio::test]
    async fn a_page_is_the_same_from_either_end() {
        for (limit, offset) in
            [(50, 0), (50, 10_000), (50, 49_999), (50, 50_000), (50, 99_980), (50, 100_000), (-1, 99_990)]
        {
            let (count, rows, _) = of_numbers(limit, offset).await;
            let to = if limit < 0 { 100_000 } else { (offset + limit).min(100_000) };
            assert_eq!((count, rows), (100_000, (offset..to).collect::<Vec<_>>()), "{limit} {offset}");
        }
    }

    #[tokio::test]
    async fn only_pages_far_behind_are_read_from_the_end() {
        assert_eq!(of_numbers(50, 0).await.2, [false]);
        assert_eq!(of_numbers(50, 20_000).await.2, [false, false]);
        assert_eq!(of_numbers(50, 99_980).await.2, [false, true]);
    }

    #[tokio::test]
    async fn a_list_that_grows_meanwhile_is_read_from_its_beginning() {
        let reads = std::cell::Cell::new(0);
        let read = |reverse: bool, limit: i64, offset: i64| {
            reads.set(reads.get() + 1);
            let count = 20_000 + reads.get();
            std::future::ready(Ok((count, vec![(reverse, limit, offset)])))
        };
        let (count, rows) = page((50, 19_990), read).await.unwrap();
        assert_eq!((count, rows), (20_003, vec![(false, 50, 19_990)]));
    }
}
