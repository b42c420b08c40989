"""`flask create-token` prints a key that works, once."""

from flask import Flask

from onboarding.cli import tokens
from onboarding.services.installation import ensure_customer
from onboarding.store.database import unit_of_work


def test_a_token_that_works(fresh_app: Flask) -> None:
    with fresh_app.app_context(), unit_of_work() as session:
        ensure_customer(session, fresh_app.extensions["clock"].moment(), "Facilitair Bedrijf")
    fresh_app.cli.add_command(tokens.create_token)
    done = fresh_app.test_cli_runner().invoke(
        args=["create-token", "Coupa", "--scope", "eligibility:read"]
    )
    assert done.exit_code == 0, done.output
    token = done.stdout.split()[-1]
    assert token.startswith("onb_")
    client = fresh_app.test_client()
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/eligibility", headers=headers).status_code == 200
    assert client.get("/api/v1/suppliers/id-1", headers=headers).status_code == 403


def test_what_it_cannot_do(fresh_app: Flask) -> None:
    fresh_app.cli.add_command(tokens.create_token)
    runner = fresh_app.test_cli_runner()
    for wrong in (["X"], ["X", "--scope", "all"], ["X", "--scope", "eligibility:read"]):
        done = runner.invoke(args=["create-token", *wrong])
        assert done.exit_code != 0
        assert "onb_" not in done.output
