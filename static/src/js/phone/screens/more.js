// @ts-check
/** The screens that do not come with the shell.  Their paths stand in index.js. */
import camera from "./camera.js";
import centre from "./centre.js";
import centres from "./centres.js";
import device from "./device.js";
import enrol from "./enrol.js";
import followupForm from "./followup-form.js";
import followup from "./followup.js";
import followups from "./followups.js";
import install from "./install.js";
import outbox from "./outbox.js";
import recordForm from "./record-form.js";
import record from "./record.js";
import records from "./records.js";
import rounds from "./rounds.js";
import visits from "./visits.js";

/** @type {import("../router.js").Screen[]} */
export const MORE = [
  camera,
  centre,
  centres,
  device,
  enrol,
  followupForm,
  followup,
  followups,
  install,
  outbox,
  recordForm,
  record,
  records,
  rounds,
  visits,
];
