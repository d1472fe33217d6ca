//! `serve` as a process: its address, its end, and what is there after it was killed.

use super::{MACHINE, ROLE, SECONDS, definition};
use serde_json::{Value, json};
use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};
use stepwright::{Engine, engine::Status};
use tempfile::TempDir;

/// A server of its own process.
struct Server {
    process: Child,
    address: String,
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shop"));
    command.arg("serve").args(arguments).current_dir(folder).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

impl Server {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let arguments = [&["--listen", "127.0.0.1:0"], arguments].concat();
        let mut process = command(folder, &arguments).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
        let address = said.trim().strip_prefix("listening on http://").unwrap().to_owned();
        Self { process, address }
    }

    /// Sends a request that succeeds.
    fn ok(&self, operation: &str, body: &Value) -> Value {
        let (status, answer) = self.call(operation, body);
        assert_eq!(status, "HTTP/1.1 200 OK", "{operation} {body}: {answer}");
        answer
    }

    fn call(&self, operation: &str, body: &Value) -> (String, Value) {
        let body = body.to_string();
        let mut socket = TcpStream::connect(&self.address).unwrap();
        write!(
            socket,
            "POST / HTTP/1.1\r\nhost: {}\r\nx-amz-target: AWSStepFunctions.{operation}\r\n\
             content-type: application/x-amz-json-1.0\r\ncontent-length: {}\r\n\
             connection: close\r\n\r\n{body}",
            self.address,
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.lines().next().unwrap().to_owned();
        (status, serde_json::from_str(body).unwrap())
    }

    fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Tells it to end, as a service manager does.
    #[cfg(unix)]
    fn terminate(self) -> Output {
        let told = Command::new("kill").arg(self.process.id().to_string()).status().unwrap();
        assert!(told.success());
        self.process.wait_with_output().unwrap()
    }
}

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("machines.db");
    (folder, database)
}

fn create(name: &str, states: &Value, more: &Value) -> Value {
    let mut body = json!({ "name": name, "definition": definition(states), "roleArn": ROLE });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

#[tokio::test]
async fn a_killed_server_still_has_its_machines_and_goes_on() {
    let (folder, database) = place();
    let store = ["--store", database.to_str().unwrap()];
    let server = Server::start(folder.path(), &store);
    let naps = json!({
        "nap": { "Type": "Wait", "Seconds": 1, "Next": "end" },
        "end": { "Type": "Pass", "Output": "slept", "End": true },
    });
    let logging = json!({ "tracingConfiguration": { "enabled": true }, "publish": true });
    server.ok("CreateStateMachine", &create("m", &naps, &logging));
    server.ok("CreateStateMachine", &create("gone", &naps, &json!({})));
    let gone = format!("{}gone", MACHINE.trim_end_matches('m'));
    server.ok("DeleteStateMachine", &json!({ "stateMachineArn": gone }));
    let started =
        server.ok("StartExecution", &json!({ "stateMachineArn": format!("{MACHINE}:1") }));
    let execution = started["executionArn"].as_str().unwrap().to_owned();
    let other = json!({ "only": { "Type": "Succeed" } });
    let update = json!({ "stateMachineArn": MACHINE, "definition": definition(&other) });
    let changed = server.ok("UpdateStateMachine", &update);
    server.kill();

    let server = Server::start(folder.path(), &store);
    let shown = server.ok("DescribeStateMachine", &json!({ "stateMachineArn": MACHINE }));
    assert_eq!(shown["definition"], definition(&other));
    assert_eq!(shown["revisionId"], changed["revisionId"]);
    assert_eq!(shown["tracingConfiguration"], json!({ "enabled": true }));
    let version = json!({ "stateMachineArn": format!("{MACHINE}:1") });
    assert_eq!(server.ok("DescribeStateMachine", &version)["definition"], definition(&naps));
    let listed = server.ok("ListStateMachines", &json!({}));
    let names: Vec<_> =
        listed["stateMachines"].as_array().unwrap().iter().map(|each| &each["name"]).collect();
    assert!(names.contains(&&json!("m")) && !names.contains(&&json!("gone")), "{names:?}");
    let end = Engine::reading(database.as_path()).unwrap().find(&execution).await.unwrap();
    assert_eq!(end.end().await.unwrap(), Status::Succeeded(json!("slept").into()));
    let runs = server.ok("DescribeStateMachineForExecution", &json!({ "executionArn": execution }));
    assert_eq!(runs["definition"], definition(&naps));
    // The name is free again, and the machine is another one.
    server.ok("CreateStateMachine", &create("gone", &other, &json!({})));
    server.kill();
}

#[cfg(unix)]
#[test]
fn a_server_that_is_told_to_end_ends_well() {
    let (folder, _) = place();
    let server = Server::start(
        folder.path(),
        &["--store", "memory", "--account", "000000000042", "--region", "eu-west-1"],
    );
    let states = json!({ "only": { "Type": "Succeed" } });
    let made = server.ok("CreateStateMachine", &create("m", &states, &json!({})));
    assert_eq!(made["stateMachineArn"], "arn:aws:states:eu-west-1:000000000042:stateMachine:m");
    assert!(made["creationDate"].as_f64().unwrap() > SECONDS);
    let output = server.terminate();
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap(), @"
    memory: nothing outlives this process
    account 000000000042, region eu-west-1
    for StartSyncExecution and TestState, clients need AWS_DISABLE_HOST_PREFIX_INJECTION=true, or inject_host_prefix=False in boto3's Config
    ");
    assert!(!folder.path().join("stepwright.db").exists());
}

/// Runs a command that ends by itself, and gives its exit code and what it says.
fn said(arguments: &[&str]) -> String {
    let (folder, _) = place();
    let output = command(folder.path(), arguments).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    format!("{said}--- exit {}\n", output.status.code().unwrap())
}

#[test]
fn an_address_that_others_reach_is_refused() {
    insta::assert_snapshot!(said(&["--listen", "0.0.0.0:8083"]), @"
    error: 0.0.0.0:8083 can be reached from other machines
    help: without access keys, which are not checked yet, listen on 127.0.0.1 or [::1]
    --- exit 2
    ");
    insta::assert_snapshot!(said(&["--listen", "[2001:db8::1]:80"]), @"
    error: [2001:db8::1]:80 can be reached from other machines
    help: without access keys, which are not checked yet, listen on 127.0.0.1 or [::1]
    --- exit 2
    ");
}

#[test]
fn a_port_in_use_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = said(&["--listen", &address]).replace(&address, "ADDRESS");
    insta::assert_snapshot!(said, @"
    error: cannot listen on ADDRESS: Address already in use (os error 98)
    help: --listen names another address; port 0 takes a free port
    --- exit 2
    ");
}

#[test]
fn an_endpoint_is_plain() {
    insta::assert_snapshot!(said(&["--lambda-endpoint", "https://host"]), @"
    error: invalid value 'https://host' for '--lambda-endpoint <URL>': `https://host` can't be called: requests are neither encrypted nor signed, so the URL of an endpoint begins with `http://`

    For more information, try '--help'.
    --- exit 2
    ");
}

#[test]
fn an_account_and_a_region_are_checked() {
    insta::assert_snapshot!(said(&["--account", "12"]), @"
    error: invalid value '12' for '--account <ID>': an account has 12 digits

    For more information, try '--help'.
    --- exit 2
    ");
    insta::assert_snapshot!(said(&["--region", "Frankfurt am Main"]), @"
    error: invalid value 'Frankfurt am Main' for '--region <REGION>': a region is like `us-east-1`

    For more information, try '--help'.
    --- exit 2
    ");
}
