# The app and the `lastseen` command: `docker-compose run --rm app lastseen --help` for the latter.
FROM python:3.11-slim

RUN useradd --create-home --uid 1000 lastseen && mkdir /data && chown lastseen /data
WORKDIR /opt/lastseen
COPY . .
RUN python -m pip install --no-cache-dir --disable-pip-version-check -c constraints.txt .

USER lastseen
ENV LASTSEEN_HOME=/data
VOLUME /data
EXPOSE 8501
HEALTHCHECK --start-period=30s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/_stcore/health')"]
# Inside the container the app listens on every address; docker-compose.yml hands it out on the host's loopback only.
CMD ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=8501"]
