"""What keeps a key out of a keyring, as types and plain sentences, from whatever a keyring raises."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import Enum

from pitdesk.redaction import redact


class Trouble(Enum):
    """What keeps a key from being stored or read."""

    MISSING = "missing"  # no keyring on this system
    LOCKED = "locked"  # it is locked, and nothing asks to unlock it
    DISMISSED = "dismissed"  # its question was closed without an answer
    DENIED = "denied"  # the person or the system said no
    SLOW = "slow"  # no answer within the deadline
    NO_ENTRY = "no entry"  # nothing is stored under this name
    UNSOUND = "unsound"  # what came back is not what was stored
    FULL = "full"  # no room for another entry
    BROKEN = "broken"  # anything else it says


@dataclass(frozen=True, slots=True)
class VaultFault:
    """``sentence``: what is wrong and what to do, for the person. ``detail``: for the diagnostics."""

    trouble: Trouble
    sentence: str
    detail: str = ""

    @property
    def offers_session(self) -> bool:
        """Whether "Remember for this session only" should be offered: everywhere but at a missing entry."""
        return self.trouble is not Trouble.NO_ENTRY


_SENTENCES = {
    Trouble.LOCKED: "{Keyring} is locked. Unlock it, then try again.",
    Trouble.DISMISSED: (
        "{Keyring} asked to be unlocked, and the question was closed or could not be shown. Try again and "
        "answer it."
    ),
    Trouble.DENIED: "{Keyring} does not let Pitdesk in. Allow it in the keyring's settings, then try again.",
    Trouble.SLOW: (
        "{Keyring} has not answered yet. It may be waiting for you in a window of its own: answer it there, "
        "then try again."
    ),
    Trouble.NO_ENTRY: "{Keyring} holds no key for this profile. Import the key again.",
    Trouble.FULL: "{Keyring} has no room for another entry. Remove entries that are no longer needed.",
    Trouble.BROKEN: "{Keyring} could not do it.",
}
_MISSING = {
    "linux": "Start or install GNOME Keyring or KWallet to have keys stored.",
    "win32": "The Windows Credential Manager cannot be reached.",
    "darwin": "The macOS Keychain cannot be reached.",
}
# By the names of exceptions, of whichever library, outermost first; then by what their text says.
_BY_NAME = (
    ("PromptDismissedException", Trouble.DISMISSED),
    ("KeychainDenied", Trouble.DENIED),
    ("LockedException", Trouble.LOCKED),
    ("KeyringLocked", Trouble.LOCKED),
    ("SecretServiceNotAvailableException", Trouble.MISSING),
    ("NoKeyringError", Trouble.MISSING),
    ("PermissionError", Trouble.DENIED),
    ("ConnectionError", Trouble.MISSING),
    ("TimeoutError", Trouble.SLOW),
)
_BY_TEXT = (
    ("dismissed", Trouble.DISMISSED),
    ("canceled", Trouble.DISMISSED),
    ("cancelled", Trouble.DISMISSED),
    ("(-128", Trouble.DISMISSED),
    ("denied", Trouble.DENIED),
    ("-25293", Trouble.DENIED),
    ("not allowed", Trouble.DENIED),
    ("-25308", Trouble.LOCKED),
    ("locked", Trouble.LOCKED),
    ("(8, 'credwrite'", Trouble.FULL),
    ("not enough memory", Trouble.FULL),
    ("not enough storage", Trouble.FULL),
)


def fault(trouble: Trouble, keyring: str, detail: str = "") -> VaultFault:
    """The fault with its usual sentence. ``keyring``: its name in a sentence, ``the macOS Keychain``."""
    if trouble is Trouble.MISSING:
        how = _MISSING.get(sys.platform, _MISSING["linux"])
        return VaultFault(
            trouble, f"No keyring of this system can be used, so no key can be stored. {how}", detail
        )
    named = keyring[:1].upper() + keyring[1:]
    return VaultFault(trouble, _SENTENCES[trouble].format(Keyring=named), detail)


def unsound(keyring: str, came_back: str) -> VaultFault:
    """It took the key and gave back something else. Nothing is left in it."""
    return VaultFault(
        Trouble.UNSOUND,
        f"{keyring[:1].upper()}{keyring[1:]} took the key but gave back {came_back}, so it was not stored.",
        came_back,
    )


def from_error(error: BaseException, keyring: str, secret: str = "") -> VaultFault:
    """What ``error`` of a keyring means. ``secret`` is taken out of its text, whatever it looks like."""
    text = str(error)
    if secret:
        text = text.replace(secret, "[removed]")
    detail = redact(f"{type(error).__name__}: {text}")[:300]
    return fault(_trouble(error, text.casefold()), keyring, detail)


def _trouble(error: BaseException, text: str) -> Trouble:
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and len(chain) < 8:
        chain.append(link)
        link = link.__cause__ or link.__context__
    by_text = next((trouble for words, trouble in _BY_TEXT if words in text), None)
    if by_text is Trouble.DISMISSED:
        return by_text
    names = {kind.__name__ for link in chain for kind in type(link).__mro__}
    return next((trouble for name, trouble in _BY_NAME if name in names), by_text or Trouble.BROKEN)
