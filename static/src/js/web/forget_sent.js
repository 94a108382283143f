// @ts-check
/** At the very head of a page that answers a sent form: such a page is the answer to what was sent, names
 *  and all, and within seconds the browser would write that into the file of its open windows, to send it
 *  again.  As a page of its own it is only an address.  No module: those wait for the whole page. */
history.replaceState(history.state, "", location.href);
