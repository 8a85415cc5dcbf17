"""The JSON API under /api/v1. What it answers are the views; what goes wrong is a problem document (RFC 9457)."""

from fastapi import APIRouter

from api.problems import RESPONSES
from api.routes import accounts, notes, plans, proposals, sources, unsorted

router = APIRouter(prefix="/api/v1", responses=RESPONSES)
for each in (accounts, notes, unsorted, sources, proposals, plans):
    router.include_router(each.router)
