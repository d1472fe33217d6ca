"""Writes runtime/src/service/test_state/schema/shapes.txt: what AWS APIs answer, reduced to what a mocked result is held to.

    python3 tests/botocore/shapes.py > runtime/src/service/test_state/schema/shapes.txt

Needs botocore 1.41.5, whose models it reads; docs/decisions/0006 says why that one. Fields of a line are separated by tabs:

    = kms                       a service: its name in Resources of optimised integrations or of aws-sdk; several if they differ
    > Encrypt 0                 an operation and the number of the shape that it answers
    { CiphertextBlob:s1-6144    a structure: its fields; numbers of shapes count from 0 in each service, in the order of the lines
    [ 3                         a list of shape 3
    % s                         an object of any keys, with texts as values
    e A B                       a text out of a list

A field is `name:type`, with `!` before a name that must be there; where aws-sdk integrations spell the name in another way, it
is `name|other:type`. A type is the number of a shape, or

    s, s1-64        a text and its length        n, n0-100       a number and its range
    b               a boolean                    *               anything
"""
import gzip
import json
import os
import re

import botocore

# directory of the model: names in Resources
SERVICES = {
    "athena": "athena", "batch": "batch", "bedrock-runtime": "bedrockruntime", "cloudwatch": "cloudwatch",
    "codebuild": "codebuild", "comprehend": "comprehend", "databrew": "databrew", "dynamodb": "dynamodb", "ecs": "ecs",
    "eks": "eks", "emr": "emr elasticmapreduce", "emr-containers": "emrcontainers emr-containers",
    "emr-serverless": "emrserverless emr-serverless", "events": "eventbridge events", "glue": "glue", "kms": "kms",
    "lambda": "lambda", "logs": "cloudwatchlogs", "polly": "polly", "rekognition": "rekognition", "s3": "s3",
    "sagemaker": "sagemaker", "scheduler": "scheduler", "secretsmanager": "secretsmanager", "sns": "sns", "sqs": "sqs",
    "ssm": "ssm", "stepfunctions": "sfn states", "textract": "textract", "translate": "translate", "xray": "xray",
}
TEXTS, NUMBERS = {"string", "blob"}, {"integer", "long", "float", "double"}


def words(name):
    """Splits a name as the AWS SDK for Java does, whose spelling aws-sdk integrations have."""
    name = re.sub(r"[^A-Za-z0-9]+", " ", name)
    name = re.sub(r"([^a-z]{2,})v([0-9]+)", r"\1 v\2 ", name)
    name = re.sub(r"([^A-Z]{2,})V([0-9]+)", r"\1 V\2 ", name)
    name = " ".join(re.split(r"(?<=[a-z])(?=[A-Z](?:[a-zA-Z]|[0-9]))", name))
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", name)
    return re.sub(r"([0-9])([a-zA-Z])", r"\1 \2", name).split()


def spelt(name):
    own, other = name[:1].upper() + name[1:], "".join(word.capitalize() for word in words(name))
    return own if own == other else f"{own}|{other}"


class Service:
    def __init__(self, model):
        self.shapes, self.numbers, self.lines = model["shapes"], {}, []
        self.operations = [
            (name, self.kind(op["output"]["shape"])) for name, op in sorted(model["operations"].items()) if "output" in op]

    def kind(self, name):
        shape = self.shapes[name]
        kind = shape["type"]
        if shape.get("document"):
            return "*"
        if kind == "timestamp":
            return "s"
        if kind == "boolean":
            return "b"
        if kind in NUMBERS or kind in TEXTS and "enum" not in shape:
            limits = [shape.get("min", ""), shape.get("max", "")]
            limits = ["" if limit in (0, "") and kind in TEXTS else f"{limit:g}" if isinstance(limit, float) else str(limit)
                      for limit in limits]
            letter = "s" if kind in TEXTS else "n"
            return letter if limits == ["", ""] else letter + "-".join(limits) if letter == "s" else f"{letter}{limits[0]}~{limits[1]}"
        if name not in self.numbers:
            self.numbers[name] = len(self.lines)
            self.lines.append("")
            self.lines[self.numbers[name]] = self.line(shape)
        return str(self.numbers[name])

    def line(self, shape):
        if shape["type"] == "structure":
            required = shape.get("required", [])
            members = {**{name: shape["members"][name] for name in required if name in shape["members"]}, **shape["members"]}
            return "\t".join(["{"] + [
                f"{'!' * (name in required)}{spelt(name)}:{self.kind(member['shape'])}" for name, member in members.items()])
        if shape["type"] == "list":
            return f"[\t{self.kind(shape['member']['shape'])}"
        if shape["type"] == "map":
            return f"%\t{self.kind(shape['value']['shape'])}"
        return "\t".join(["e", *shape["enum"]])


def main():
    data = os.path.join(os.path.dirname(botocore.__file__), "data")
    print(f"# What AWS APIs answer, reduced from the models of botocore {botocore.__version__} by tests/botocore/shapes.py, "
          "which says what the lines mean.")
    print("# botocore: Copyright 2012-2026 Amazon.com, Inc. or its affiliates. All Rights Reserved. Licensed under the Apache")
    print("# License, Version 2.0 (http://www.apache.org/licenses/LICENSE-2.0). Changed: everything left out but names and limits.")
    for folder, names in SERVICES.items():
        version = sorted(os.listdir(os.path.join(data, folder)))[-1]
        with gzip.open(os.path.join(data, folder, version, "service-2.json.gz")) as file:
            service = Service(json.load(file))
        print("\t".join(["=", *names.split()]))
        for name, kind in service.operations:
            print(f">\t{name}\t{kind}")
        print(*service.lines, sep="\n")


if __name__ == "__main__":
    main()
