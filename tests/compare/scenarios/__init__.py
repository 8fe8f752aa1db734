# SPDX-License-Identifier: BSD-2-Clause
"""All scenarios: importing this registers them."""

import importlib
import os

for _file in sorted(os.listdir(os.path.dirname(os.path.realpath(__file__)))):
    if _file.endswith(".py") and not _file.startswith("_"):
        importlib.import_module("scenarios." + _file[:-3])
