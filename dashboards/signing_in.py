"""Identifies the visitor: by the company's sign-in (OIDC) or by a password file for one team.

A visitor who has not signed in sees masked pages.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from dashboards import look
from dashboards.passwords import SETTING, PasswordFileError, is_right

USERS = "DASHBOARDS_USERS"
_SIGNED_IN = "signed_in_as"


def is_set_up() -> bool:
    """Return whether sign-in is set up."""
    return _has_oidc() or bool(os.environ.get(SETTING))


def user() -> str | None:
    """Return the signed-in visitor who may see names; None if there is none."""
    if _has_oidc():
        return allowed_address(st.user.to_dict()) if st.user.is_logged_in else None
    if os.environ.get(SETTING):
        name = st.session_state.get(_SIGNED_IN)
        return name if isinstance(name, str) else None
    return None


def allowed_address(claims: Mapping[str, object]) -> str | None:
    """Return the address that an identity provider vouches for, if `DASHBOARDS_USERS` names it or its domain.

    Without that setting it is None, because a public provider signs in anybody.
    """
    address = str(claims.get("email") or "").strip().lower()
    listed = {each.strip().lower() for each in os.environ.get(USERS, "").split(",") if each.strip()}
    is_listed = address in listed or f"@{address.rpartition('@')[2]}" in listed
    return address if "@" in address and is_listed and claims.get("email_verified") is not False else None


def offer() -> None:
    """Show in the sidebar who is signed in, or how to sign in."""
    if not is_set_up():
        return
    with st.sidebar:
        if name := user():
            look.note(f"Signed in as {name}")
            st.button("Sign out", on_click=_sign_out, key="sign_out")
        elif _has_oidc():
            if st.user.is_logged_in:
                look.note(
                    f"{st.user.get('email') or 'This account'} may not see people: {USERS} does not name it."
                )
                st.button("Sign out", on_click=_sign_out, key="sign_out")
            else:
                st.button("Sign in", on_click=st.login, key="sign_in")
        else:
            _ask_for_password(Path(os.environ[SETTING]))


def _has_oidc() -> bool:
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return False


def _sign_out() -> None:
    st.session_state.pop(_SIGNED_IN, None)
    if _has_oidc():
        st.logout()


def _ask_for_password(file: Path) -> None:
    with st.form("sign_in", border=False):
        name = st.text_input("Name", key="sign_in_name")
        password = st.text_input("Password", type="password", key="sign_in_password")
        if not st.form_submit_button("Sign in"):
            return
    try:
        right = is_right(file, name, password)
    except PasswordFileError as error:
        look.nothing(str(error))
        return
    if not right:
        look.nothing("That name and password do not belong together.")
        return
    st.session_state[_SIGNED_IN] = name
    st.rerun()
