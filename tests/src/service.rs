//! A web service on this computer's loopback, so that a pack's tool has something real to ask.

use anyhow::Result;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// A service that answers `GET /items?q=…` with two items that name the query. It ends with this value.
pub struct Service {
    port: u16,
    asked: Arc<AtomicUsize>,
    end: Arc<AtomicBool>,
}

impl Service {
    pub fn start() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let port = listener.local_addr()?.port();
        let (asked, end) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let service = Self { port, asked: asked.clone(), end: end.clone() };
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                if end.load(Ordering::SeqCst) {
                    break;
                }
                if let Ok(connection) = connection
                    && answer(connection).is_ok()
                {
                    asked.fetch_add(1, Ordering::SeqCst);
                }
            }
        });
        Ok(service)
    }

    /// Where its items are.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/items", self.port)
    }

    /// How many requests it has answered.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.end.store(true, Ordering::SeqCst);
        // Wakes the thread, which waits for a connection.
        drop(TcpStream::connect(("127.0.0.1", self.port)));
    }
}

fn answer(mut connection: TcpStream) -> Result<()> {
    let mut lines = BufReader::new(connection.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    // The rest of the head ends with an empty line; a GET has no body.
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let target = first.split(' ').nth(1).unwrap_or_default();
    let query = target.split_once("q=").map_or("", |(_, rest)| rest.split('&').next().unwrap_or_default());
    let (status, body) = if target.starts_with("/items") {
        (
            "200 OK",
            serde_json::json!({ "items": [{ "title": format!("About {query}") }, { "title": format!("More about {query}") }] }),
        )
    } else {
        ("404 Not Found", serde_json::json!({ "error": "no such path" }))
    };
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    connection.write_all(format!("{head}{body}").as_bytes())?;
    Ok(())
}
