// Signs a phone in without its screens: what tests of other screens begin with.
export { newSigningKeys, signInHere, installId, setMeta } from "../../static/src/js/vault/vault.js";
