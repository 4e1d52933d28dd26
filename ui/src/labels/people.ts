// Who works here.

import type { Actor, Role } from "../bindings";
import type { Label } from "../i18n";

export const ROLES: Record<Role, Label> = { viewer: "Viewer", operator: "Operator", admin: "Administrator" };

export const ACTORS: Record<Actor, Label> = {
  Clinicue: "Clinicue by itself",
  this_computer: "This computer",
  command_line: "Command line",
  patient_by_code: "the patient, by a code",
  "Sign-in link": "Sign-in link",
};
