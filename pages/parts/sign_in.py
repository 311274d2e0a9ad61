"""Sign-in through an identity provider (OIDC), where `.streamlit/secrets.toml` names one."""

import streamlit as st

from pages.parts.messages import literal
from petgen.case import SYNTHETIC


def is_configured() -> bool:
    """Whether this petgen has users who sign in."""
    return "is_logged_in" in st.user


def is_let_in() -> bool:
    """Whether there is no sign-in, or this user has done it."""
    return not is_configured() or bool(st.user.get("is_logged_in"))


def user_id() -> str | None:
    """Who is signed in: issuer and subject, which together nobody else has; None without a sign-in.

    OpenID Connect Core 1.0, section 5.7: only `iss` and `sub` together identify a user for good; an e-mail address may
    be given to somebody else later.
    """
    if not is_configured() or not st.user.get("is_logged_in"):
        return None
    return f"{st.user.get('iss') or ''} {st.user.get('sub') or st.user.get('email') or ''}".strip()


def door() -> None:
    """What is shown instead of every page to who has not signed in."""
    with st.container(horizontal_alignment="center"), st.container(width=480):
        st.markdown("## petgen")
        st.warning(f"**{SYNTHETIC}.**", icon=":material/warning:")
        st.markdown("Sign in to see your cases and to make new ones. Nobody else sees them.")
        st.button("Sign in", type="primary", icon=":material/login:", on_click=st.login, width="stretch")


def account() -> None:
    """Who is signed in, and the way out; nothing where there is no sign-in."""
    if not is_configured():
        return
    name = str(st.user.get("name") or st.user.get("email") or "")
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        st.markdown(f":small[:gray[Signed in as {literal(name)}]]", width="content")
        st.button("Sign out", key="sign_out", icon=":material/logout:", type="tertiary", on_click=st.logout)
