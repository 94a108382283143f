// @ts-check
/** Leaflet writes markup of its own: buttons' signs, and texts that we hand it.  On a page with a map
 *  this default policy (Trusted Types) lets exactly that pass and refuses every other element.
 *  Imported before Leaflet, which already tries the browser while it loads. */

const LEAFLETS_OWN = /<svg\/>|<span aria-hidden="true">[^<>]{1,9}<\/span>/g;

/** @param {string} markup @returns {string | null} it, or null: the browser then refuses it */
export const plainMarkup = (markup) => (/[<>]/.test(markup.replace(LEAFLETS_OWN, "")) ? null : markup);

/** @type {any} */ (globalThis).trustedTypes?.createPolicy("default", { createHTML: plainMarkup });
