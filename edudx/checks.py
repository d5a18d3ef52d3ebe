"""System checks: what a machine must have for documents and uploads to come out right."""

import ctypes.util
import subprocess

from django.core.checks import Warning as CheckWarning
from django.core.checks import register

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-croscore libmagic1"


@register()
def libraries(app_configs, **kwargs) -> list:
    """WeasyPrint needs Pango; uploads need libmagic."""
    missing = [
        name
        for name in ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset", "magic")
        if ctypes.util.find_library(name) is None
    ]
    if not missing:
        return []
    return [
        CheckWarning(
            f"Thiếu thư viện hệ thống: {', '.join(missing)}.",
            hint=f"sudo apt-get install {PACKAGES}",
            id="edudx.W001",
        )
    ]


@register()
def official_font(app_configs, **kwargs) -> list:
    """Nghị định 30 asks for Times New Roman; Tinos has its metrics and every Vietnamese letter."""
    try:
        found = subprocess.run(
            ["fc-match", "Tinos"],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=20,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        found = ""
    if "Tinos" in found:
        return []
    return [
        CheckWarning(
            "Không tìm thấy phông chữ Tinos: văn bản PDF sẽ không đúng thể thức.",
            hint="sudo apt-get install fonts-croscore",
            id="edudx.W002",
        )
    ]
