"""Evaluating a question set on the server: started, looked at, and stopped."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from assistant.api.access import Caller, caller_of
from assistant.api.addresses import QUESTION_FORMS, REST
from assistant.api.desk import PROBLEMS, Desk
from assistant.api.forms import whole
from assistant.api.problems import ProblemError
from assistant.api.reply_forms import EvaluationReply, EvaluationsReply
from assistant.api.sending import sent_file
from assistant.ui.evaluations import COMPARED
from assistant.ui.reports import REPORT_POLICY

_EXAMPLES = {
    "jsonl": '{"question": "When does the bridge open?", "answers": ["May"], "title": "The bridge", '
    '"context": "Ada Moss said: “The bridge opens in May.”"}\n',
    "csv": "question,answer,article\nWhen does the bridge open?,May,The bridge\nWho paid for it?,,The bridge\n",
    "tsv": "question\tanswer\tarticle\nWhen does the bridge open?\tMay\tThe bridge\n",
    "json": {"version": "1.1", "data": []},
}
"""A set in each form, by the suffix of its file."""


class EvaluationAddresses:
    """The addresses of evaluations."""

    def __init__(self, desk: Desk) -> None:
        """Stores what they work on."""
        self._desk = desk

    def add_to(self, router: APIRouter) -> None:
        """Adds the addresses to a router."""
        add = router.add_api_route
        all_of_them, single = f"{REST}/evaluations", f"{REST}/evaluations/{{id}}"
        listed: dict[int | str, dict[str, Any]] = {200: {"model": EvaluationsReply}, **PROBLEMS}
        one: dict[int | str, dict[str, Any]] = {200: {"model": EvaluationReply}, **PROBLEMS}
        started: dict[int | str, dict[str, Any]] = {202: {"model": EvaluationReply}, **PROBLEMS}
        told: dict[int | str, dict[str, Any]] = {
            200: {"description": "The report, a page that stands alone", "content": {"text/html": {}}}, **PROBLEMS
        }  # fmt: skip
        add(all_of_them, self.list, methods=["GET"], operation_id="list_evaluations", responses=listed)
        add(all_of_them, self.start, methods=["POST"], operation_id="start_evaluation", status_code=202,
            responses=started, openapi_extra=_body_told())  # fmt: skip
        add(single, self.read, methods=["GET"], operation_id="read_evaluation", responses=one)
        add(single, self.delete, methods=["DELETE"], operation_id="delete_evaluation", responses=one)
        add(f"{single}/report", self.report, methods=["GET"], operation_id="read_report", responses=told,
            response_class=HTMLResponse)  # fmt: skip

    async def list(self, request: Request) -> Response:
        """Returns the caller's evaluations without their results, the last one first."""
        runs = self._desk.runs.of(caller_of(request).owner)
        return JSONResponse({"evaluations": [run.to_dict() for run in runs]})

    async def start(
        self,
        request: Request,
        article: Annotated[str, Query(description="id or title, of the questions that name none")] = "",
        compare: Annotated[
            str, Query(description="what is run beside", json_schema_extra={"enum": ["", *COMPARED]})
        ] = "",
    ) -> Response:
        """Starts an evaluation of a question set, in a library of its own; articles are named by id or title alone."""
        if compare not in ("", *COMPARED):
            raise ProblemError(422, f"`compare`: {compare!r:.60} is none of {', '.join(COMPARED)}.")
        caller, runs = caller_of(request), self._desk.runs
        with runs.place_for(caller.owner) as start:
            name, data = await _sent_set(request)
            questions = await self._desk.reading.run(
                request, caller.key, lambda _: runs.read(data, name, str(whole(article)))
            )
            run = start(questions, compare)
        return JSONResponse(run.to_dict(), 202, {"Location": f"{REST}/evaluations/{run.id}"})

    async def read(self, id: str, request: Request) -> Response:
        """Returns how far an evaluation is, and once it is done its results: every figure and every question."""
        work = lambda caller: self._desk.runs.get(id, caller.owner).to_dict(whole=True)  # noqa: E731
        return JSONResponse(await self._desk.quickly(request, work))

    async def report(self, id: str, request: Request) -> Response:
        """Returns the report of an evaluation that is done, as a page that stands alone."""
        report = self._desk.runs.report(id, caller_of(request).owner)
        return HTMLResponse(report.to_save, headers={"Content-Security-Policy": REPORT_POLICY})

    async def delete(self, id: str, request: Request) -> Response:
        """Stops an evaluation, after the question at hand, and forgets it."""

        def work(caller: Caller) -> dict[str, Any]:
            return self._desk.runs.delete(id, caller.owner).to_dict()

        return JSONResponse(await self._desk.quickly(request, work))


async def _sent_set(request: Request) -> tuple[str, bytes]:
    """Returns the name of the set that a request carries, which tells its form, and its bytes.

    Raises:
        ProblemError: if it is none.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in QUESTION_FORMS:
        return f"questions.{QUESTION_FORMS[kind]}", await request.body()
    name, data, _ = await sent_file(request, ())
    return name, data


def _body_told() -> dict[str, Any]:
    """Returns what the documents of the interface say of a request that carries questions."""
    content: dict[str, Any] = {
        kind: {"schema": {"type": "object" if suffix == "json" else "string"}, "example": _EXAMPLES[suffix]}
        for kind, suffix in QUESTION_FORMS.items()
    }
    file = {"type": "string", "format": "binary", "description": "its name tells its form: .jsonl, .csv, .tsv, .json"}
    content["multipart/form-data"] = {
        "schema": {"type": "object", "required": ["file"], "properties": {"file": file}},
    }
    return {"requestBody": {"required": True, "content": content}}
