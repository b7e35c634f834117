# The assistant without torch, as a user of its own:
#
#   docker build -t article-assistant .
#   docker run -p 127.0.0.1:7860:7860 -v reading:/library -e ASSISTANT_AUTH=ann:a-long-password article-assistant

FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /opt/assistant
COPY requirements-slim.txt constraints.txt ./
RUN /opt/assistant/bin/python -m pip install --no-cache-dir --no-deps -c constraints.txt -r requirements-slim.txt
COPY pyproject.toml README.md LICENSE CHANGELOG.md ./
COPY assistant ./assistant
COPY prompts ./prompts
COPY index/articles ./index/articles
RUN /opt/assistant/bin/python -m pip install --no-cache-dir --no-deps .

FROM python:3.11-slim
RUN useradd --uid 10001 --create-home assistant && mkdir /library && chown assistant /library
COPY --from=build /opt/assistant /opt/assistant
ENV PATH=/opt/assistant/bin:$PATH
ENV ASSISTANT_LIBRARY=/library
ENV GRADIO_SERVER_NAME=0.0.0.0
ENV GRADIO_SERVER_PORT=7860
USER assistant
VOLUME /library
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD python -c "import os, urllib.request as web; web.urlopen(f'http://127.0.0.1:{os.environ[\"GRADIO_SERVER_PORT\"]}/api/v1/health', timeout=4)"
ENTRYPOINT ["assistant"]
CMD ["serve"]
