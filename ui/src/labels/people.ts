// Who works here, and what they did.

import type { Act, Actor, Role } from "../bindings";
import type { Label } from "../i18n";

export const ROLES: Record<Role, Label> = { viewer: "Viewer", operator: "Operator", admin: "Administrator" };

export const ACTORS: Record<Actor, Label> = {
  Clinicue: "Clinicue by itself",
  this_computer: "This computer",
  command_line: "Command line",
  patient_by_code: "the patient, by a code",
};

/** What staff and the program did. */
export const ACTIVITIES: Record<Act, Label> = {
  "patient.create": "Patient added",
  "patient.update": "Patient changed",
  "patient.link": "Linked to LINE",
  "patient.unlink": "Link to LINE taken away",
  "patient.link_code": "Slip with a code made",
  "patient.link_refused": "Link refused",
  "patient.erase": "Patient's data deleted",
  "patients.import": "Patients imported",
  "protocol.create": "Care plan written",
  "protocol.update": "Care plan changed",
  "protocol.activate": "Care plan activated",
  "protocol.bring_back": "Care plan brought back",
  "protocol.archive": "Care plan archived",
  "upload.create": "File uploaded",
  "upload.delete": "Uploaded file deleted",
  "template.create": "Message template written",
  "template.update": "Message template changed",
  "template.archive": "Message template archived",
  "assignment.create": "Care plan assigned",
  "assignment.start": "Follow-up started",
  "assignment.pause": "Follow-up paused",
  "assignment.resume": "Follow-up resumed",
  "assignment.complete": "Follow-up completed",
  "assignment.cancel": "Follow-up cancelled",
  "message.send": "Message written",
  "message.send_again": "Message sent once more",
  "message.retry": "Message tried again",
  "message.move": "Message given another time",
  "message.cancel": "Message cancelled",
  "messages.retry": "Failed messages tried again",
  "worklist.take": "Worklist: taken or let go",
  "worklist.snooze": "Worklist: put off",
  "worklist.resolve": "Worklist: settled",
  "worklist.reopen": "Worklist: reopened",
  "worklist.send_again": "Worklist: sent once more",
  "stranger.resolve": "Someone unknown: settled",
  "stranger.reopen": "Someone unknown: reopened",
  "interactions.export": "Log exported",
  "jobs.maintenance": "Maintenance run",
  "jobs.cleanup": "Message list cleaned up",
  "settings.update": "Settings changed",
  "menu.on": "Menu in the chat switched on",
  "menu.off": "Menu in the chat switched off",
  "sending.pause": "Sending paused",
  "sending.resume": "Sending resumed",
  "token.create": "Access token made",
  "token.revoke": "Access token revoked",
  "backup.make": "Backup begun",
  "backup.restore": "Backup put back",
  "demo.load": "Demo clinic loaded",
  "demo.remove": "Demo clinic removed",
};
