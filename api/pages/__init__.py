"""The pages: server-rendered, forms and links alone are enough; small scripts add keys and polling."""

from fastapi import APIRouter

from api.pages import accounts, inbox, notes, proposals, sources, unsorted

router = APIRouter(include_in_schema=False)
for each in (inbox, accounts, notes, sources, proposals, unsorted):
    router.include_router(each.router)
