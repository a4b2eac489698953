#!/usr/bin/env python3
"""The digests by which a node may know the image of an OCI archive: those of its manifest and of its configuration."""
import json
import sys
import tarfile

with tarfile.open(sys.argv[1]) as archive:
    for manifest in json.load(archive.extractfile("index.json"))["manifests"]:
        print(manifest["digest"])
        blob = archive.extractfile("blobs/" + manifest["digest"].replace(":", "/"))
        print(json.load(blob)["config"]["digest"])
