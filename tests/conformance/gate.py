#!/usr/bin/env python3
"""Stands between a client and `stepwright serve`, and kills the server again and again (SIGKILL).

  gate.py --listen PORT --database PATH [--every N] [--seed N] STEPWRIGHT

After every N-th change that was answered (a start, a new machine, ..), within the next hundredth of a
second, the server dies, whatever it is doing, and is started on the same port and the same database.
A request that the death left without an answer is sent again, as the SDKs do; the client sees a slow
answer and no more.

After each death, before any client gets through, what the dead server had answered is held to what
the living one says: every machine that was made and every execution that was started is there, what
was deleted is not, every history begins with the events that were shown, every end is the end that
was shown. At its own end (SIGTERM) the gate looks once more, prints what it has seen, and fails if
anything was missing."""
import argparse
import http.client
import http.server
import json
import random
import signal
import subprocess
import sys
import threading
import time
import uuid

HOST = "127.0.0.1"
# Within this many seconds of the answer to a change the server is killed.
SOON = 0.01
# Operations that change nothing that is stored.
READS = ("Describe", "Get", "List", "Validate", "TestState", "StartSyncExecution")
# An answer is due in this many seconds; the slowest request of a client waits this long for one.
PATIENCE = 60
BROKEN = (ConnectionError, http.client.HTTPException)


class Server:
    """The process, which has another life after each death."""

    def __init__(self, command):
        self.command, self.port, self.process = command, 0, None

    def start(self):
        listen = ["--listen", f"{HOST}:{self.port}"]
        self.process = subprocess.Popen(self.command + listen, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        said = self.process.stdout.readline()
        if not said.startswith("listening on "):
            raise RuntimeError(f"the server does not start: {self.process.communicate()[1]}")
        self.port = int(said.rsplit(":", 1)[1])
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def ask(self, headers, body):
        """One request: status, headers and body of the answer."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        try:
            connection.request("POST", "/", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def call(self, operation, **arguments):
        headers = {"x-amz-target": f"AWSStepFunctions.{operation}", "content-type": "application/x-amz-json-1.0"}
        status, _, body = self.ask(headers, json.dumps(arguments))
        return status, json.loads(body)


class Shown:
    """What clients were told of an execution."""

    def __init__(self):
        self.events, self.end = [], None

    def learn(self, operation, asked, answer):
        if operation == "GetExecutionHistory":
            whole = not (asked.get("reverseOrder") or asked.get("nextToken") or answer.get("nextToken"))
            whole = whole and asked.get("includeExecutionData", True)
            if whole and len(answer["events"]) > len(self.events):
                self.events = answer["events"]
        elif operation == "DescribeExecution" and answer["status"] != "RUNNING":
            self.end = answer

    def has_ended(self):
        ends = ("ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted")
        return self.end is not None or (bool(self.events) and self.events[-1]["type"] in ends)

    def missing(self, server, arn):
        """What of it the server does not say any more."""
        status, described = server.call("DescribeExecution", executionArn=arn)
        if status != 200:
            return f"was started and is not there: {described}"
        if self.end is not None and described != self.end:
            return f"had ended as {self.end} and is {described}"
        _, history = server.call("GetExecutionHistory", executionArn=arn, maxResults=1000)
        events = history["events"][: len(self.events)]
        if events != self.events:
            return f"had the history {self.events} and has {events}"
        return None


class Gate:
    def __init__(self, server, every, seed):
        self.server, self.every, self.chance = server, every, random.Random(seed)
        self.lock, self.open, self.life = threading.Lock(), threading.Event(), 0
        # Executions by ARN; whether a machine is there, by ARN, where that is certain; the ARNs of
        # which something was said since the last look.
        self.shown, self.machines, self.lost, self.recent = {}, {}, [], set()
        self.changes = self.kills = self.under_way = self.resent = 0
        server.start()
        self.open.set()

    def forward(self, headers, body):
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        asked, again = json.loads(body or b"{}"), False
        if operation == "DeleteStateMachine":
            with self.lock:
                self.machines.pop(asked["stateMachineArn"], None)
        elif operation == "StartExecution" and "name" not in asked:
            # Without a name, one that is sent again would be another execution.
            body = json.dumps(asked | {"name": str(uuid.UUID(int=self.chance.getrandbits(128), version=4))}).encode()
            headers = headers | {"content-length": str(len(body))}
        while True:
            self.open.wait()
            life = self.life
            try:
                answer = self.server.ask(headers, body)
                break
            except BROKEN:
                again = True
                self.await_life_after(life)
        with self.lock:
            if again:
                self.resent += 1
                answer = self.first_answer(answer) or answer
            if answer[0] == 200:
                self.note(operation, asked, json.loads(answer[2]))
                self.changes += (changes := not operation.startswith(READS))
                if changes and self.changes % self.every == 0:
                    threading.Timer(self.chance.uniform(0, SOON), self.kill).start()
        return answer

    def await_life_after(self, life):
        until = time.monotonic() + PATIENCE
        while self.life == life:
            if time.monotonic() > until:
                raise RuntimeError("the server broke off without being killed")
            time.sleep(0.01)

    def note(self, operation, asked, answer):
        """Remembers what the client is about to see."""
        execution = answer.get("executionArn") or asked.get("executionArn")
        machine = answer.get("stateMachineArn") or asked.get("stateMachineArn")
        if operation == "StartExecution":
            # Express executions live in the process by nature.
            if ":express:" not in execution:
                self.shown.setdefault(execution, Shown())
        elif operation in ("CreateStateMachine", "DeleteStateMachine"):
            self.machines[machine] = operation == "CreateStateMachine"
        elif shown := self.shown.get(execution):
            shown.learn(operation, asked, answer)
        self.recent |= {execution, machine}

    def first_answer(self, answer):
        """What was to be answered to a start that was carried out and not answered, if it was sent
        again when the execution had already ended."""
        status, headers, body = answer
        refused = json.loads(body)
        arn = refused.get("message", "").rpartition("Already Exists: ")[2].strip("'")
        if not refused.get("__type", "").endswith("ExecutionAlreadyExists") or arn in self.shown:
            return None
        _, described = self.server.call("DescribeExecution", executionArn=arn)
        body = json.dumps({"executionArn": arn, "startDate": described["startDate"]}).encode()
        return 200, headers, body

    def kill(self):
        with self.lock:
            self.open.clear()
            self.server.kill()
            self.kills += 1
            self.under_way += sum(not shown.has_ended() for shown in self.shown.values())
            self.server.start()
            self.look(self.recent)
            self.recent = set()
            self.life += 1
            self.open.set()

    def look(self, at):
        """Holds what was said of these to what the server says now."""
        for arn in at & self.machines.keys():
            status, _ = self.server.call("DescribeStateMachine", stateMachineArn=arn)
            there = self.machines[arn]
            if (status == 200) != there:
                self.lost.append(f"{arn} {'was made and is not there' if there else 'was deleted and is there'}")
        for arn in at & self.shown.keys():
            if missing := self.shown[arn].missing(self.server, arn):
                self.lost.append(f"{arn} {missing}")

    def close(self):
        with self.lock:
            self.look(self.shown.keys() | self.machines.keys())
            self.server.process.terminate()
            ended = self.server.process.wait()
        print(f"{len(self.shown)} executions, {len(self.machines)} machines, {self.kills} kills, {self.under_way} executions under way when killed, "
              f"{self.resent} requests without an answer sent again, {len(self.lost)} answers lost")
        print(*self.lost[:5], sep="\n")
        enough = self.kills > 0 and self.under_way > 0
        if not enough:
            print("no kill hit an execution under way: nothing was shown")
        return 0 if enough and not self.lost and ended == 0 else 1


def handler(gate):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answer_headers, answer = gate.forward(headers, body)
            self.send_response(status)
            for name, value in answer_headers:
                if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                    self.send_header(name, value)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    return Handler


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--listen", type=int, default=0, metavar="PORT", help="where clients connect (default: a free port)")
    parser.add_argument("--database", required=True)
    parser.add_argument("--every", type=int, default=7, help="kill after so many changes")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("stepwright")
    a = parser.parse_args()
    gate = Gate(Server([a.stepwright, "serve", "--store", a.database]), a.every, a.seed)
    listener = http.server.ThreadingHTTPServer((HOST, a.listen), handler(gate))
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=listener.shutdown).start())
    print(f"seed {a.seed}\nlistening on http://{HOST}:{listener.server_port}", flush=True)
    listener.serve_forever()
    return gate.close()


if __name__ == "__main__":
    sys.exit(main())
