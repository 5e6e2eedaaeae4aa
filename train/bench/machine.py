"""The machine that a bench ran on."""

import os
import platform

import torch

from train.processor import processor


def machine() -> dict[str, str]:
    """Return processor, cores, threads of torch, system, accelerator and how busy it was just now."""
    facts = {
        "processor": processor(),
        "cores": str(os.cpu_count()),
        "threads": str(torch.get_num_threads()),
        "system": platform.platform(),
        "load_before": f"{load():.1f}",
    }
    return facts | ({"accelerator": torch.cuda.get_device_name()} if torch.cuda.is_available() else {})


def load() -> float:
    """Return how many processes were waiting or running over the last minute, 0 where the system does not say."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
