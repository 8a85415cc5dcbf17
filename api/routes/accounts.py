"""Accounts: set up, list, read."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from api.desk import At
from api.setting_up import set_up
from pipeline.flow import NewAccount
from pipeline.records import Account
from pipeline.views.accounts import AccountRow, account_of
from pipeline.views.accounts import accounts as accounts_view

router = APIRouter(tags=["accounts"])

Names = Annotated[list[str], Field(default_factory=list, max_length=500)]


class AccountIn(BaseModel):
    """What setting up an account takes; all but the name may be left out."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    vendor: str = Field("", description="Our company, as the plan names it.")
    domains: Names
    owner: str | None = Field(None, description="Who owns it; by default who asks.")
    reviewers: Names
    time_zone: str = "UTC"
    currency: str = "USD"
    departments: Names
    offerings: Names
    team: Annotated[list[str], Field(default_factory=list, description='Our people, each as "Name (role)".')]


@router.get("/accounts")
def list_accounts(at: At) -> tuple[AccountRow, ...]:
    """All accounts you may read, by name."""
    return accounts_view(at.store, at.actor)


@router.post("/accounts", status_code=201)
def create_account(at: At, body: AccountIn, response: Response) -> Account:
    """Sets up an account; departments, offerings and team become its first revision. 409 when the name is taken."""
    new = NewAccount(
        name=body.name,
        vendor=body.vendor,
        domains=tuple(body.domains),
        owner=body.owner,
        reviewers=tuple(body.reviewers),
        time_zone=body.time_zone,
        currency=body.currency,
    )
    made = set_up(at, new, body.departments, body.offerings, body.team)
    response.headers["Location"] = f"/api/v1/accounts/{made.id}"
    return made


@router.get("/accounts/{account}")
def get_account(at: At, account: str) -> Account:
    """One account, by id or name."""
    return account_of(at.store, at.actor, account)
