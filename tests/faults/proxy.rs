//! What can stand between a program and its server: a wire that breaks, and a pooler that gives each transaction another
//! session.

use postgres::Config;
use postgres::config::Host;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::Duration;

/// The socket, user and database of a URL.
fn parts(url: &str) -> (PathBuf, String, String) {
    let config: Config = url.parse().unwrap();
    let Some(Host::Unix(directory)) = config.get_hosts().first() else { panic!("no socket in {url}") };
    let socket = directory.join(format!(".s.PGSQL.{}", config.get_ports()[0]));
    (socket, config.get_user().unwrap().to_owned(), config.get_dbname().unwrap().to_owned())
}

fn url_of(listener: &TcpListener, user: &str, database: &str) -> String {
    let port = listener.local_addr().unwrap().port();
    format!("postgres://{user}@127.0.0.1:{port}/{database}?sslmode=disable")
}

/// Where the wire breaks.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Break {
    /// After so many messages from the program, the last of which still arrives.
    AfterMessages(usize),
    /// Instead of a message that holds this text.
    Before(&'static str),
    /// After a message that holds this text has been carried out, before its answer.
    After(&'static str),
}

/// A wire to the server of a URL that breaks once for each connection. Returns its own URL and a count of the messages
/// that went through.
pub(crate) fn wire(url: &str, at: Break) -> (String, Arc<AtomicUsize>) {
    let (socket, user, database) = parts(url);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = url_of(&listener, &user, &database);
    let messages = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&messages);
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let (server, counted) = (UnixStream::connect(&socket).unwrap(), Arc::clone(&counted));
            std::thread::spawn(move || carry(client, server, at, &counted));
        }
    });
    (url, messages)
}

fn carry(mut client: TcpStream, mut server: UnixStream, at: Break, counted: &AtomicUsize) {
    client.set_nodelay(true).unwrap();
    let (mut answers, mut to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    let back = std::thread::spawn(move || {
        let _ = std::io::copy(&mut answers, &mut to_client);
        let _ = to_client.shutdown(Shutdown::Both);
    });
    let mut buffer = vec![0; 65_536];
    while let Ok(length @ 1..) = client.read(&mut buffer) {
        let number = counted.fetch_add(1, Ordering::SeqCst) + 1;
        let holds = |text: &str| buffer[..length].windows(text.len()).any(|window| window == text.as_bytes());
        let (before, after) = match at {
            Break::AfterMessages(last) => (number > last, number == last),
            Break::Before(text) => (holds(text), false),
            Break::After(text) => (false, holds(text)),
        };
        if after {
            // The answer goes nowhere: the wire to the program breaks first.
            let _ = client.shutdown(Shutdown::Both);
        }
        if before || server.write_all(&buffer[..length]).is_err() {
            break;
        }
        if after {
            sleep(Duration::from_millis(100));
            break;
        }
    }
    let _ = client.shutdown(Shutdown::Both);
    let _ = server.shutdown(Shutdown::Both);
    let _ = back.join();
}

/// Which session of the server a transaction gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pool {
    /// Any of three, in turn, as of a busy pooler.
    InTurn,
    /// The one that was used last, as of an idle one: all programs share it while nobody is in a transaction.
    LastUsed,
}

/// A pooler in transaction mode before the server of a URL.
pub(crate) fn pooler(url: &str, pool: Pool) -> String {
    let (socket, user, database) = parts(url);
    let idle: Arc<Mutex<Vec<UnixStream>>> = Arc::default();
    for _ in 0..3 {
        idle.lock().unwrap().push(session(&socket, &user, &database));
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = url_of(&listener, &user, &database);
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let idle = Arc::clone(&idle);
            // A program that leaves ends its thread.
            std::thread::spawn(move || serve(client, &idle, pool));
        }
    });
    url
}

/// A message: its type and all of its bytes. None at the end of the connection.
fn message(from: &mut impl Read) -> Option<(u8, Vec<u8>)> {
    let mut head = [0; 5];
    from.read_exact(&mut head).ok()?;
    let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
    let mut bytes = head.to_vec();
    bytes.resize(length + 1, 0);
    from.read_exact(&mut bytes[5..]).ok()?;
    Some((head[0], bytes))
}

/// A session of the server, ready for a transaction.
fn session(socket: &std::path::Path, user: &str, database: &str) -> UnixStream {
    let mut server = UnixStream::connect(socket).unwrap();
    let pairs = format!("user\0{user}\0database\0{database}\0\0");
    let mut startup = u32::try_from(pairs.len() + 8).unwrap().to_be_bytes().to_vec();
    startup.extend(196_608_u32.to_be_bytes());
    startup.extend(pairs.bytes());
    server.write_all(&startup).unwrap();
    while message(&mut server).unwrap().0 != b'Z' {}
    server
}

/// Answers the startup itself, then lends a session for each transaction.
fn serve(mut client: TcpStream, idle: &Mutex<Vec<UnixStream>>, pool: Pool) -> Option<()> {
    client.set_nodelay(true).unwrap();
    let mut length = [0; 4];
    client.read_exact(&mut length).ok()?;
    let mut startup = vec![0; u32::from_be_bytes(length) as usize - 4];
    client.read_exact(&mut startup).ok()?;
    let ready =
        [&b"R\0\0\0\x08\0\0\0\0"[..], b"S\0\0\0\x19client_encoding\0UTF8\0", b"Z\0\0\0\x05I"].concat();
    client.write_all(&ready).ok()?;
    loop {
        let (mut kind, mut bytes) = message(&mut client)?;
        if kind == b'X' {
            return Some(());
        }
        let mut server = loop {
            let mut idle = idle.lock().unwrap();
            if !idle.is_empty() {
                break if pool == Pool::InTurn { idle.remove(0) } else { idle.pop()? };
            }
            drop(idle);
            sleep(Duration::from_millis(5));
        };
        loop {
            server.write_all(&bytes).ok()?;
            // A simple query, or a Sync, is answered up to ReadyForQuery; all else waits for its Sync.
            if kind == b'Q' || kind == b'S' {
                let status = loop {
                    let (kind, answer) = message(&mut server)?;
                    client.write_all(&answer).ok()?;
                    if kind == b'Z' {
                        break answer[5];
                    }
                };
                if status == b'I' {
                    break;
                }
            }
            // Whoever leaves in the middle of a transaction ends it.
            let Some(next) = message(&mut client).filter(|(kind, _)| *kind != b'X') else {
                let rollback = b"Q\0\0\0\x0dROLLBACK\0";
                server.write_all(rollback).ok()?;
                while message(&mut server)?.0 != b'Z' {}
                idle.lock().unwrap().push(server);
                return None;
            };
            (kind, bytes) = next;
        }
        idle.lock().unwrap().push(server);
    }
}
