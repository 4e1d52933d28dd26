// This file has been generated from the list of operations. Do not edit it.

import { commands } from "./bindings";
import { pagesOf, readOf } from "./lib/live";

/** Counts of both queues, the scheduler and its recurring work. */
export const useJobsStats = readOf("jobsStats", ["jobs", "messages", "assignments"], commands.jobsStats);

/** The workers of both queues, and what each does at this moment. */
export const useListWorkers = readOf("listWorkers", ["jobs", "messages"], commands.listWorkers);

/** What became of the messages of some days. */
export const useDeliveryStats = readOf("deliveryStats", ["messages", "settings"], commands.deliveryStats);

/** Messages that failed or wait for a person. */
export const useFailedDeliveries = readOf("failedDeliveries", ["messages", "patients", "assignments"], commands.failedDeliveries);

/** Messages that failed or wait for a person. Page by page. */
export const useFailedDeliveriesPages = pagesOf("failedDeliveries", ["messages", "patients", "assignments"], commands.failedDeliveries);

/** The backups there are, and when the next one is made. */
export const useListBackups = readOf("listBackups", ["jobs"], commands.listBackups);

/** One backup, and what came since it was made. */
export const useLookAtBackup = readOf("lookAtBackup", ["jobs", "messages", "patients"], commands.lookAtBackup);

/** The last lines of the program's log. */
export const useListLog = readOf("listLog", ["status"], commands.listLog);

/** What a clean-up would remove; nothing is removed. */
export const useLookAtCleanup = readOf("lookAtCleanup", ["jobs", "messages"], commands.lookAtCleanup);

/** Whether database, queues, workers, scheduler and LINE work; 503 when something does not. */
export const useJobsHealth = readOf("jobsHealth", ["status", "jobs", "messages", "worklist"], commands.jobsHealth);

/** Patients, from the newest to the oldest or by name. */
export const useListPatients = readOf("listPatients", ["patients", "assignments", "messages"], commands.listPatients);

/** Patients, from the newest to the oldest or by name. Page by page. */
export const useListPatientsPages = pagesOf("listPatients", ["patients", "assignments", "messages"], commands.listPatients);

/** The labels patients have, with how many have each. */
export const useListTags = readOf("listTags", ["patients"], commands.listTags);

/** One patient. */
export const useGetPatient = readOf("getPatient", ["patients", "settings", "status"], commands.getPatient);

/** What deleting a patient's data would take, and what stands against it. */
export const usePatientErasure = readOf("patientErasure", ["patients", "assignments", "messages", "worklist"], commands.patientErasure);

/** Protocols, from the newest to the oldest. */
export const useListProtocols = readOf("listProtocols", ["protocols", "assignments"], commands.listProtocols);

/** Protocols, from the newest to the oldest. Page by page. */
export const useListProtocolsPages = pagesOf("listProtocols", ["protocols", "assignments"], commands.listProtocols);

/** One protocol with the steps of its newest version. */
export const useGetProtocol = readOf("getProtocol", ["protocols", "assignments"], commands.getProtocol);

/** Whether a protocol can be published, and what stands against it. */
export const useValidateProtocol = readOf("validateProtocol", ["protocols", "assignments"], commands.validateProtocol);

/** When steps would be due and would go, quiet hours included; nothing is saved. */
export const usePreviewProtocol = readOf("previewProtocol", ["patients", "settings"], commands.previewProtocol);

/** The versions of a protocol, from the newest to the oldest. */
export const useProtocolVersions = readOf("protocolVersions", ["protocols", "assignments"], commands.protocolVersions);

/** What one version of a protocol says. */
export const useProtocolVersion = readOf("protocolVersion", ["protocols", "assignments"], commands.protocolVersion);

/** Assignments, from the newest to the oldest. */
export const useListAssignments = readOf("listAssignments", ["assignments", "messages", "patients", "protocols"], commands.listAssignments);

/** Assignments, from the newest to the oldest. Page by page. */
export const useListAssignmentsPages = pagesOf("listAssignments", ["assignments", "messages", "patients", "protocols"], commands.listAssignments);

/** How many assignments there are, by where they stand. */
export const useCountAssignments = readOf("countAssignments", ["assignments", "patients"], commands.countAssignments);

/** One assignment. */
export const useGetAssignment = readOf("getAssignment", ["assignments", "messages", "patients", "protocols"], commands.getAssignment);

/** The next steps of an assignment with the instants they are due at. */
export const useUpcomingSteps = readOf("upcomingSteps", ["assignments", "patients", "settings", "messages", "protocols"], commands.upcomingSteps);

/** Messages by the time they are due. */
export const useListMessages = readOf("listMessages", ["messages", "patients", "assignments"], commands.listMessages);

/** Messages by the time they are due. Page by page. */
export const useListMessagesPages = pagesOf("listMessages", ["messages", "patients", "assignments"], commands.listMessages);

/** What goes out next, the soonest first: the next step of every follow-up, and messages that wait. */
export const useComingUp = readOf("comingUp", ["messages", "assignments", "patients", "protocols", "settings"], commands.comingUp);

/** What goes out next, the soonest first: the next step of every follow-up, and messages that wait. Page by page. */
export const useComingUpPages = pagesOf("comingUp", ["messages", "assignments", "patients", "protocols", "settings"], commands.comingUp);

/** What is held: why, how much, until when, and what lets it go. */
export const useHeldMessages = readOf("heldMessages", ["messages", "assignments", "patients", "settings", "status"], commands.heldMessages);

/** One message. */
export const useGetMessage = readOf("getMessage", ["messages", "patients", "assignments"], commands.getMessage);

/** The tries at a message that failed. */
export const useMessageTries = readOf("messageTries", ["messages", "assignments", "patients"], commands.messageTries);

/** Messages that are kept to write others from, from the newest to the oldest. */
export const useListMessageTemplates = readOf("listMessageTemplates", ["templates"], commands.listMessageTemplates);

/** Messages that are kept to write others from, from the newest to the oldest. Page by page. */
export const useListMessageTemplatesPages = pagesOf("listMessageTemplates", ["templates"], commands.listMessageTemplates);

/** One template of a message. */
export const useGetMessageTemplate = readOf("getMessageTemplate", ["templates"], commands.getMessageTemplate);

/** Pictures and videos that staff uploaded, from the newest to the oldest. */
export const useListUploads = readOf("listUploads", ["templates", "protocols", "messages", "settings"], commands.listUploads);

/** Pictures and videos that staff uploaded, from the newest to the oldest. Page by page. */
export const useListUploadsPages = pagesOf("listUploads", ["templates", "protocols", "messages", "settings"], commands.listUploads);

/** One picture or video that staff uploaded. */
export const useGetUpload = readOf("getUpload", ["templates", "protocols", "messages", "settings"], commands.getUpload);

/** What patients answered, from the newest to the oldest. */
export const useListAnswers = readOf("listAnswers", ["messages", "patients", "protocols"], commands.listAnswers);

/** What patients answered, from the newest to the oldest. Page by page. */
export const useListAnswersPages = pagesOf("listAnswers", ["messages", "patients", "protocols"], commands.listAnswers);

/** The interaction log, from the newest to the oldest. */
export const useListInteractions = readOf("listInteractions", ["messages"], commands.listInteractions);

/** The interaction log, from the newest to the oldest. Page by page. */
export const useListInteractionsPages = pagesOf("listInteractions", ["messages"], commands.listInteractions);

/** People who need a person: the urgent first, then from the newest to the oldest. */
export const useListWorklist = readOf("listWorklist", ["worklist", "patients", "messages", "protocols"], commands.listWorklist);

/** People who need a person: the urgent first, then from the newest to the oldest. Page by page. */
export const useListWorklistPages = pagesOf("listWorklist", ["worklist", "patients", "messages", "protocols"], commands.listWorklist);

/** What of the worklist was settled last, and by whom. */
export const useLastSettled = readOf("lastSettled", ["worklist", "patients"], commands.lastSettled);

/** Who wrote and is nobody's LINE account: the urgent first, then from the latest. */
export const useListStrangers = readOf("listStrangers", ["worklist"], commands.listStrangers);

/** Who wrote and is nobody's LINE account: the urgent first, then from the latest. Page by page. */
export const useListStrangersPages = pagesOf("listStrangers", ["worklist"], commands.listStrangers);

/** When a timetable comes next, before anything is written by it. */
export const useNextTimes = readOf("nextTimes", ["settings", "status"], commands.nextTimes);

/** Messages of some days by the hour of the week. */
export const useHoursOfWeek = readOf("hoursOfWeek", ["messages", "settings"], commands.hoursOfWeek);

/** What patients answered over some days: rates, times, values; by protocol and step. */
export const useAnswerStats = readOf("answerStats", ["messages", "protocols", "settings"], commands.answerStats);

/** Patients whose last questions went unanswered. */
export const useDriftingPatients = readOf("driftingPatients", ["messages", "patients"], commands.driftingPatients);

/** How many people opened the messages of a plan, by month, as LINE counts them. */
export const useOpeningStats = readOf("openingStats", ["protocols", "assignments"], commands.openingStats);

/** Everything about one patient in order, and what is planned. */
export const usePatientTimeline = readOf("patientTimeline", ["messages", "assignments", "patients", "settings", "worklist", "protocols"], commands.patientTimeline);

/** Everything about one patient in order, and what is planned. Page by page. */
export const usePatientTimelinePages = pagesOf("patientTimeline", ["messages", "assignments", "patients", "settings", "worklist", "protocols"], commands.patientTimeline);

/** The code of a patient's slip, while it is good. */
export const useCurrentLinkCode = readOf("currentLinkCode", ["patients", "settings"], commands.currentLinkCode);

/** Where long work stands. */
export const useGetTask = readOf("getTask", ["tasks"], commands.getTask);

/** Whether messages are being sent. */
export const useStatus = readOf("status", ["status", "messages", "settings", "worklist"], commands.status);

/** What was sent today, what failed, what comes next. */
export const useToday = readOf("today", ["messages", "assignments", "settings", "status", "worklist", "patients", "protocols"], commands.today);

/** What the clinic decided; secrets never show. */
export const useGetSettings = readOf("getSettings", ["settings"], commands.getSettings);

/** The clinic's rich menu, as it is at LINE. */
export const useRichMenu = readOf("richMenu", ["settings", "patients"], commands.richMenu);

/** Who did what, from the newest to the oldest. */
export const useListAudit = readOf("listAudit", ["assignments", "jobs", "messages", "patients", "protocols", "settings", "status", "templates", "worklist"], commands.listAudit);

/** Who did what, from the newest to the oldest. Page by page. */
export const useListAuditPages = pagesOf("listAudit", ["assignments", "jobs", "messages", "patients", "protocols", "settings", "status", "templates", "worklist"], commands.listAudit);

/** The practice phones. */
export const usePhones = readOf("phones", ["phones", "patients"], commands.phones);

/** What was said on a practice phone. */
export const usePhoneMessages = readOf("phoneMessages", ["phones"], commands.phoneMessages);

/** What goes wrong at the practice LINE. */
export const useGetFault = readOf("getFault", ["phones"], commands.getFault);
