# The production image: web (default), worker, beat and migrate differ in their command only.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DATA_DIR=/var/lib/edudx \
    STATIC_ROOT=/srv/edudx/staticfiles

# The libraries of edudx/checks.py, and fontconfig, which finds the fonts.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
       libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-croscore libmagic1 fontconfig \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /srv/edudx
COPY requirements.lock .
RUN pip install --require-hashes -r requirements.lock

COPY . .
RUN useradd --system --uid 10001 --home-dir /var/lib/edudx --create-home edudx \
    && SECRET_KEY="build-$(head -c 48 /dev/urandom | base64 -w 0)" python manage.py collectstatic --noinput \
    && chown -R edudx:edudx /var/lib/edudx

USER edudx
VOLUME /var/lib/edudx
EXPOSE 8000
CMD ["gunicorn", "edudx.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "8", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
