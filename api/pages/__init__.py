"""The pages: server-rendered, forms and links alone are enough; small scripts add keys and polling."""

from fastapi import APIRouter

from api.pages import accounts, inbox, notes, proposals, sources

router = APIRouter(include_in_schema=False)
for each in (inbox, accounts, notes, sources, proposals):
    router.include_router(each.router)
