#!/usr/bin/env python3
"""Transitions per second and core, of our server and of moto_server: transitions.py SECONDS STEPWRIGHT PYTHON

One client asks both: it starts executions of a machine of ten Pass states, waits for each end, and looks
at it. What is counted is transitions for a second of the server's processor time, so that neither
the client nor anybody else on the computer matters. moto_server has no StartSyncExecution, keeps
everything in memory, and copies all executions of a machine when it starts one; so it is asked the same
as our server on memory, with ten executions of each machine, and express executions come on top."""
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
import uuid

HOST = "127.0.0.1"
STATES, AT_A_TIME, CLIENTS = 10, 10, 4
INPUT = '{"n":1}'
# moto_server finds the service by the scope of the credentials.
SCOPE = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/states/aws4_request, SignedHeaders=host, Signature=0"
TICKS = os.sysconf("SC_CLK_TCK")


class Client:
    def __init__(self, port):
        self.connection = http.client.HTTPConnection(HOST, port, timeout=60)

    def call(self, operation, **arguments):
        headers = {"x-amz-target": f"AWSStepFunctions.{operation}", "content-type": "application/x-amz-json-1.0", "authorization": SCOPE}
        self.connection.request("POST", "/", json.dumps(arguments), headers)
        answer = self.connection.getresponse()
        body = answer.read()
        assert answer.status == 200, f"{operation}: {answer.status} {body[:500]}"
        return json.loads(body)

    def machine(self, language, kind):
        states = {f"s{i}": {"Type": "Pass", **({"Next": f"s{i + 1}"} if i + 1 < STATES else {"End": True})} for i in range(STATES)}
        definition = {"QueryLanguage": language, "StartAt": "s0", "States": states}
        made = self.call("CreateStateMachine", name=f"m-{uuid.uuid4()}", type=kind, definition=json.dumps(definition),
                         roleArn="arn:aws:iam::123456789012:role/r")
        return made["stateMachineArn"]

    def end(self, execution):
        while (ended := self.call("DescribeExecution", executionArn=execution))["status"] == "RUNNING":
            time.sleep(0.005)
        return ended


def express(client, machine):
    return client.call("StartSyncExecution", stateMachineArn=machine, input=INPUT)


def standard(client, machine):
    start = {"stateMachineArn": machine, "input": INPUT}
    arns = [client.call("StartExecution", name=str(uuid.uuid4()), **start)["executionArn"] for _ in range(AT_A_TIME)]
    # The others have most likely ended when the last one has: few questions are for nothing.
    return [client.end(arn) for arn in reversed(arns)]


def processor_seconds(process):
    with open(f"/proc/{process.pid}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def measure(process, port, language, kind, seconds):
    """Transitions for a second of the process's time."""
    counts = []

    def run():
        client, count = Client(port), 0
        machine = client.machine(language, "EXPRESS") if kind == "express" else None
        while time.monotonic() < end:
            ended = [express(client, machine)] if machine else standard(client, client.machine(language, "STANDARD"))
            for execution in ended:
                assert execution["status"] == "SUCCEEDED" and json.loads(execution["output"]) == json.loads(INPUT), execution
            count += len(ended)
        counts.append(count)

    # What is read or made on first use is no matter of transitions.
    standard(Client(port), Client(port).machine(language, "STANDARD"))
    before, end = processor_seconds(process), time.monotonic() + seconds
    clients = [threading.Thread(target=run) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert len(counts) == CLIENTS, "a client has failed"
    return sum(counts) * STATES / (processor_seconds(process) - before)


def listening(process, port):
    while process.poll() is None:
        try:
            return socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{process.args} has ended")


def serve(command, port, **environment):
    process = subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    listening(process, port)
    return process


def free_port():
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        return taken.getsockname()[1]


def main(seconds, stepwright, python):
    seconds, (ours, motos) = float(seconds), (free_port(), free_port())
    servers = []
    try:
        servers.append(serve([stepwright, "serve", "--listen", f"{HOST}:{ours}", "--store", "memory"], ours))
        servers.append(serve([python, "-m", "moto.server", "-H", HOST, "-p", str(motos)], motos, MOTO_PORT=str(motos)))
        config = http.client.HTTPConnection(HOST, motos, timeout=60)
        config.request("POST", "/moto-api/config", '{"stepfunctions": {"execute_state_machine": true}}', {"content-type": "application/json"})
        assert config.getresponse().status < 300
        for language in ("JSONata", "JSONPath"):
            sync = measure(servers[0], ours, language, "express", seconds)
            polled = measure(servers[0], ours, language, "standard", seconds)
            moto = measure(servers[1], motos, language, "standard", seconds)
            print(f"{language}\ttransitions/s per core: stepwright express {sync:.0f}, standard {polled:.0f}; moto_server {moto:.0f}\t"
                  f"ratio {polled / moto:.0f} (the same calls), {sync / moto:.0f} (express)", flush=True)
    finally:
        for server in servers:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
