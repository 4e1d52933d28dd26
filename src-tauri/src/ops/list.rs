//! The one list of operations. From it come the HTTP routes, their OpenAPI entries, the
//! window's commands and the TypeScript client. A new operation is one line here and its
//! body beside its kin.

/// Calls `$then!` with every operation:
/// `name METHOD "path" role status shows[Topic, …] asks[Answered] => module::function(Input) -> Output,
/// "what it does";`
///
/// A read names in `shows` every topic whose change may change its answer; a test holds them
/// against the tables it reads. From it come the client's queries, which look again when one of
/// them is announced. A write names none: each commit announces what it wrote.
///
/// A question that is no GET, because its words are many or LINE is asked on the way, gives in
/// `asks` how soon it is answered; a caller who gives up has changed nothing. It may name topics,
/// too, where screens go on showing its answer.
macro_rules! for_each_operation {
    ($then:ident) => {
        $then! {
            jobs_stats GET "/api/jobs/stats" Viewer 200 shows[Jobs, Messages, Assignments] => jobs::stats(Nothing) -> jobs::JobsStats,
                "Counts of both queues, the scheduler and its recurring work.";
            list_workers GET "/api/jobs/workers" Viewer 200 shows[Jobs, Messages] => workers::workers(Nothing) -> workers::Workers,
                "The workers of both queues, and what each does at this moment.";
            delivery_stats GET "/api/jobs/delivery-stats" Viewer 200 shows[Messages, Settings] => statistics::delivery_stats(statistics::StatsRange) -> statistics::DeliveryStats,
                "What became of the messages of some days.";
            failed_deliveries GET "/api/jobs/failed-deliveries" Viewer 200 shows[Messages, Patients, Assignments] => failed::failed(failed::ListFailed) -> Paged<failed::FailedDelivery>,
                "Messages that failed or wait for a person.";
            retry_failed POST "/api/jobs/retry-failed" Operator 200 => failed::retry_failed(failed::RetryFailed) -> failed::Retried,
                "Queues failed messages again that can be sent as they are.";
            list_backups GET "/api/backups" Admin 200 shows[Jobs] => backups::list(Nothing) -> backups::Backups,
                "The backups there are, and when the next one is made.";
            make_backup POST "/api/backups" Admin 202 => backups::make(Nothing) -> tasks::Task,
                "Begins a backup; the task tells when it is made.";
            look_at_backup GET "/api/backups/{name}" Admin 200 shows[Jobs, Messages, Patients] => backups::look(backups::OneBackup) -> backups::SinceBackup,
                "One backup, and what came since it was made.";
            restore_backup POST "/api/backups/{name}/restore" Admin 202 => backups::restore(backups::RestoreBackup) -> backups::Restoring,
                "Puts a backup back: the program ends and begins again with it, and sends nothing until staff resume.";
            run_maintenance POST "/api/jobs/maintenance" Admin 200 => jobs::maintenance(Nothing) -> jobs::MaintenanceReport,
                "Runs the hourly maintenance now.";
            run_upkeep POST "/api/jobs/run" Admin 200 => jobs::run(jobs::RunUpkeep) -> jobs::UpkeepRun,
                "Runs one piece of recurring work now.";
            list_log GET "/api/log" Admin 200 shows[Status] => logs::list(logs::ListLog) -> logs::LogTail,
                "The last lines of the program's log.";
            look_at_cleanup GET "/api/jobs/cleanup" Admin 200 shows[Jobs, Messages] => jobs::look_at_cleanup(jobs::Cleanup) -> jobs::Removed,
                "What a clean-up would remove; nothing is removed.";
            cleanup_jobs POST "/api/jobs/cleanup" Admin 200 => jobs::cleanup(jobs::Cleanup) -> jobs::Removed,
                "Removes finished jobs; messages and the log stay.";
            jobs_health GET "/api/jobs/health" Viewer 200 shows[Status, Jobs, Messages, Worklist] => health::health(Nothing) -> health::Health,
                "Whether database, queues, workers, scheduler and LINE work; 503 when something does not.";

            list_patients GET "/api/patients" Viewer 200 shows[Patients, Assignments, Messages] => patients::list(patients::ListPatients) -> Paged<patients::PatientSummary>,
                "Patients, from the newest to the oldest or by name.";
            list_tags GET "/api/patients/tags" Viewer 200 shows[Patients] => patients::tags(Nothing) -> patients::PatientTags,
                "The labels patients have, with how many have each.";
            create_patient POST "/api/patients" Operator 201 => patients::create(patients::CreatePatient) -> patients::Patient,
                "Adds a patient.";
            get_patient GET "/api/patients/{id}" Viewer 200 shows[Patients, Settings, Status] => patients::get(patients::OnePatient) -> patients::Patient,
                "One patient.";
            update_patient PATCH "/api/patients/{id}" Operator 200 => patients::update(patients::UpdatePatient) -> patients::Patient,
                "Changes a patient.";
            patient_erasure GET "/api/patients/{id}/erasure" Admin 200 shows[Patients, Assignments, Messages, Worklist] => erasure::look(patients::OnePatient) -> erasure::Erasure,
                "What deleting a patient's data would take, and what stands against it.";
            erase_patient DELETE "/api/patients/{id}" Admin 200 => erasure::erase(erasure::ErasePatient) -> erasure::Erasure,
                "Deletes a patient's data for good; what was sent stays counted, of nobody.";

            list_protocols GET "/api/protocols" Viewer 200 shows[Protocols, Assignments] => protocols::list(PageOf) -> Paged<protocols::ProtocolSummary>,
                "Protocols, from the newest to the oldest.";
            create_protocol POST "/api/protocols" Operator 201 => protocols::create(protocols::CreateProtocol) -> protocols::Protocol,
                "Writes a protocol as a draft.";
            get_protocol GET "/api/protocols/{id}" Viewer 200 shows[Protocols, Assignments] => protocols::get(protocols::OneProtocol) -> protocols::Protocol,
                "One protocol with the steps of its newest version.";
            update_protocol PUT "/api/protocols/{id}" Operator 200 => protocols::update(protocols::UpdateProtocol) -> protocols::Protocol,
                "Writes a protocol anew; follow-ups that run keep their version.";
            validate_protocol GET "/api/protocols/{id}/validate" Viewer 200 shows[Protocols, Assignments] => protocols::validate(protocols::OneProtocol) -> protocols::Validation,
                "Whether a protocol can be published, and what stands against it.";
            check_steps POST "/api/protocols/check" Operator 200 asks[AtLength] => protocols::check_steps(protocols::CheckSteps) -> protocols::CheckedSteps,
                "Checks steps before they are saved: the limits known here, and LINE where it can be asked.";
            activate_protocol POST "/api/protocols/{id}/activate" Operator 200 => protocols::activate(protocols::OneProtocol) -> protocols::Protocol,
                "Publishes the newest version of a protocol.";
            archive_protocol POST "/api/protocols/{id}/archive" Operator 200 => protocols::archive(protocols::OneProtocol) -> protocols::Protocol,
                "Offers a protocol no longer.";
            bring_back_protocol POST "/api/protocols/{id}/bring-back" Operator 200 => protocols::bring_back(protocols::OneProtocol) -> protocols::Protocol,
                "Offers an archived protocol again.";
            preview_protocol POST "/api/protocols/preview" Viewer 200 shows[Patients, Settings] asks[AtOnce] => protocols::preview(protocols::PreviewSteps) -> protocols::Preview,
                "When steps would be due and would go, quiet hours included; nothing is saved.";
            protocol_versions GET "/api/protocols/{id}/versions" Viewer 200 shows[Protocols, Assignments] => protocols::versions(protocols::OneProtocol) -> protocols::VersionList,
                "The versions of a protocol, from the newest to the oldest.";
            protocol_version GET "/api/protocols/{id}/versions/{version}" Viewer 200 shows[Protocols, Assignments] => protocols::version(protocols::OneVersion) -> protocols::ProtocolVersion,
                "What one version of a protocol says.";

            list_assignments GET "/api/assignments" Viewer 200 shows[Assignments, Messages, Patients, Protocols] => assignments::list(assignments::ListAssignments) -> Paged<assignments::Assignment>,
                "Assignments, from the newest to the oldest.";
            create_assignment POST "/api/assignments" Operator 201 => assignments::create(assignments::CreateAssignment) -> assignments::Assignment,
                "Assigns a protocol to a patient.";
            count_assignments GET "/api/assignments/counts" Viewer 200 shows[Assignments, Patients] => assignments::count(assignments::CountAssignments) -> assignments::AssignmentCounts,
                "How many assignments there are, by where they stand.";
            get_assignment GET "/api/assignments/{id}" Viewer 200 shows[Assignments, Messages, Patients, Protocols] => assignments::get(assignments::OneAssignment) -> assignments::Assignment,
                "One assignment.";
            upcoming_steps GET "/api/assignments/{id}/upcoming" Viewer 200 shows[Assignments, Patients, Settings, Messages, Protocols] => ahead::upcoming(ahead::UpcomingSteps) -> ahead::UpcomingList,
                "The next steps of an assignment with the instants they are due at.";
            start_assignment POST "/api/assignments/{id}/start" Operator 200 => assignments::start(assignments::StartAssignment) -> assignments::Assignment,
                "Starts an assignment.";
            pause_assignment POST "/api/assignments/{id}/pause" Operator 200 => assignments::pause(assignments::OneAssignment) -> assignments::Assignment,
                "Freezes an assignment; what waits is held until it goes on.";
            resume_assignment POST "/api/assignments/{id}/resume" Operator 200 => assignments::resume(assignments::OneAssignment) -> assignments::Assignment,
                "Goes on with a paused assignment.";
            complete_assignment POST "/api/assignments/{id}/complete" Operator 200 => assignments::complete(assignments::OneAssignment) -> assignments::Assignment,
                "Closes an assignment as done; what waits is cancelled.";
            cancel_assignment POST "/api/assignments/{id}/cancel" Operator 200 => assignments::cancel(assignments::OneAssignment) -> assignments::Assignment,
                "Stops an assignment for good; what waits is cancelled.";

            skip_step POST "/api/assignments/{id}/upcoming/skip" Operator 200 => ahead::skip(ahead::StepAhead) -> assignments::Assignment,
                "Leaves a step ahead out: it is not sent.";
            bring_back_step POST "/api/assignments/{id}/upcoming/bring-back" Operator 200 => ahead::bring_back(ahead::StepAhead) -> assignments::Assignment,
                "Takes a step that was left out back into the plan, while its time is to come.";
            move_step POST "/api/assignments/{id}/upcoming/move" Operator 200 => ahead::move_step(ahead::MoveStep) -> messages::Message,
                "Sends a step ahead at another time, or at once.";
            hold_step POST "/api/assignments/{id}/upcoming/hold" Operator 200 => ahead::hold_step(ahead::StepAhead) -> messages::Message,
                "Makes the message of a step ahead and holds it back until staff release it.";
            move_start POST "/api/assignments/{id}/move-start" Operator 200 => ahead::move_start(ahead::MoveStart) -> assignments::Assignment,
                "Gives an assignment another start: what is ahead moves along, what came stays.";

            list_messages GET "/api/messages" Viewer 200 shows[Messages, Patients, Assignments] => messages::list(messages::ListMessages) -> Paged<messages::Message>,
                "Messages by the time they are due.";
            coming_up GET "/api/messages/coming-up" Viewer 200 shows[Messages, Assignments, Patients, Protocols, Settings] => coming_up::list(PageOf) -> Paged<coming_up::ComingUp>,
                "What goes out next, the soonest first: the next step of every follow-up, and messages that wait.";
            send_message POST "/api/messages" Operator 202 => messages::send(messages::SendMessage) -> messages::Message,
                "Accepts a message for a patient.";
            send_bulk POST "/api/messages/bulk" Operator 202 => messages::send_bulk(messages::SendBulk) -> messages::Accepted,
                "Accepts up to 1,000 messages, all or none.";
            held_messages GET "/api/messages/held" Viewer 200 shows[Messages, Assignments, Patients, Settings, Status] => held::held(Nothing) -> held::Held,
                "What is held: why, how much, until when, and what lets it go.";
            look_at_messages POST "/api/messages/look" Operator 200 asks[AtOnce] => messages::look(messages::LookAtMessages) -> messages::LookedAtMessages,
                "What an act on many messages would do: which take it, and what becomes of them; changes nothing.";
            get_message GET "/api/messages/{id}" Viewer 200 shows[Messages, Patients, Assignments] => messages::get(messages::OneMessage) -> messages::Message,
                "One message.";
            message_tries GET "/api/messages/{id}/tries" Viewer 200 shows[Messages, Assignments, Patients] => messages::tries(messages::OneMessage) -> messages::FailedTries,
                "The tries at a message that failed.";
            move_message POST "/api/messages/{id}/move" Operator 200 => messages::move_to(messages::MoveMessage) -> messages::Message,
                "Gives a message whose time has not come another time, or sends it now.";
            hold_message POST "/api/messages/{id}/hold" Operator 200 => messages::hold(messages::OneMessage) -> messages::Message,
                "Holds a message back until staff release it.";
            release_message POST "/api/messages/{id}/release" Operator 200 => messages::release(messages::OneMessage) -> messages::Message,
                "Lets a message that staff hold back go again, at its time or at once.";
            cancel_message POST "/api/messages/{id}/cancel" Operator 200 => messages::cancel(messages::OneMessage) -> messages::Message,
                "Cancels a message that has not been sent.";
            retry_message POST "/api/messages/{id}/retry" Operator 200 => messages::retry(messages::RetryMessage) -> messages::Message,
                "Sends a failed message once more, under the same key.";
            undo_retry POST "/api/messages/{id}/undo-retry" Operator 200 => messages::undo_retry(messages::OneMessage) -> messages::Message,
                "Takes back a retry that has not begun.";

            list_message_templates GET "/api/message-templates" Viewer 200 shows[Templates] => templates::list(templates::ListTemplates) -> Paged<templates::MessageTemplate>,
                "Messages that are kept to write others from, from the newest to the oldest.";
            create_message_template POST "/api/message-templates" Operator 201 => templates::create(templates::CreateTemplate) -> templates::MessageTemplate,
                "Keeps a message to write others from.";
            get_message_template GET "/api/message-templates/{id}" Viewer 200 shows[Templates] => templates::get(templates::OneTemplate) -> templates::MessageTemplate,
                "One template of a message.";
            update_message_template PUT "/api/message-templates/{id}" Operator 200 => templates::update(templates::UpdateTemplate) -> templates::MessageTemplate,
                "Writes a template anew; what was written from it stays.";
            archive_message_template POST "/api/message-templates/{id}/archive" Operator 200 => templates::archive(templates::OneTemplate) -> templates::MessageTemplate,
                "Offers a template no longer.";

            list_uploads GET "/api/uploads" Viewer 200 shows[Templates, Protocols, Messages, Settings] => uploads::list(PageOf) -> Paged<uploads::Upload>,
                "Pictures and videos that staff uploaded, from the newest to the oldest.";
            get_upload GET "/api/uploads/{id}" Viewer 200 shows[Templates, Protocols, Messages, Settings] => uploads::get(uploads::OneUpload) -> uploads::Upload,
                "One picture or video that staff uploaded.";
            delete_upload DELETE "/api/uploads/{id}" Operator 200 => uploads::delete(uploads::OneUpload) -> uploads::Upload,
                "Deletes an upload that nothing shows that is still to be sent.";

            list_answers GET "/api/answers" Viewer 200 shows[Messages, Patients, Protocols] => answers::list(PageOf) -> Paged<answers::PatientAnswer>,
                "What patients answered, from the newest to the oldest.";
            list_interactions GET "/api/interactions" Viewer 200 shows[Messages] => interactions::list(interactions::ListInteractions) -> Paged<interactions::Interaction>,
                "The interaction log, from the newest to the oldest.";

            list_worklist GET "/api/worklist" Viewer 200 shows[Worklist, Patients, Messages, Protocols] => worklist::list(worklist::ListWork) -> Paged<worklist::WorkItem>,
                "People who need a person: the urgent first, then from the newest to the oldest.";
            last_settled GET "/api/worklist/last-settled" Viewer 200 shows[Worklist, Patients] => worklist::last_settled(Nothing) -> worklist::LastSettled,
                "What of the worklist was settled last, and by whom.";
            list_strangers GET "/api/strangers" Viewer 200 shows[Worklist] => strangers::list(strangers::ListStrangers) -> Paged<strangers::Stranger>,
                "Who wrote and is nobody's LINE account: the urgent first, then from the latest.";
            media_ticket POST "/api/media/{id}/ticket" Viewer 201 asks[AtOnce] => media::ticket(media::OneMedia) -> media::MediaTicket,
                "Gives an address at which something a patient sent may be taken for a quarter of an hour.";
            link_stranger POST "/api/strangers/{id}/link" Operator 200 => strangers::link(strangers::LinkStranger) -> patients::Patient,
                "Says which patient a stranger is; what they said becomes the patient's.";
            resolve_stranger POST "/api/strangers/{id}/resolve" Operator 200 => strangers::resolve(strangers::OneStranger) -> strangers::Stranger,
                "Settles what a stranger said.";
            reopen_stranger POST "/api/strangers/{id}/reopen" Operator 200 => strangers::reopen(strangers::OneStranger) -> strangers::Stranger,
                "Brings what a stranger said back to staff.";
            take_work POST "/api/worklist/{id}/take" Operator 200 => worklist::take(worklist::TakeWork) -> worklist::WorkItem,
                "Looks after a worklist item, or lets go of it.";
            note_work POST "/api/worklist/{id}/notes" Operator 200 => worklist::note(worklist::NoteWork) -> worklist::WorkItem,
                "Writes a note, or that the patient was called.";
            snooze_work POST "/api/worklist/{id}/snooze" Operator 200 => worklist::snooze(worklist::SnoozeWork) -> worklist::WorkItem,
                "Lets a worklist item come back later.";
            resolve_work POST "/api/worklist/{id}/resolve" Operator 200 => worklist::resolve(worklist::OneWork) -> worklist::WorkItem,
                "Settles a worklist item.";
            reopen_work POST "/api/worklist/{id}/reopen" Operator 200 => worklist::reopen(worklist::OneWork) -> worklist::WorkItem,
                "Brings a settled worklist item back.";
            send_work_again POST "/api/worklist/{id}/send-again" Operator 200 => worklist::send_again(worklist::OneWork) -> worklist::WorkItem,
                "Sends the message of a worklist item again and settles the item.";
            decide_link POST "/api/worklist/{id}/link" Operator 200 => worklist::decide_link(worklist::DecideLink) -> worklist::WorkItem,
                "Decides whether the LINE account that sent a patient's code becomes theirs.";
            note_patient POST "/api/patients/{id}/notes" Operator 201 => worklist::note_patient(worklist::NotePatient) -> worklist::StaffNote,
                "Writes a note on a patient, or that the patient was called.";

            next_times GET "/api/timetables/next" Viewer 200 shows[Settings, Status] => timetables::next(timetables::NextTimes) -> timetables::TimesAhead,
                "When a timetable comes next, before anything is written by it.";
            hours_of_week GET "/api/statistics/hours" Viewer 200 shows[Messages, Settings] => hours::hours(statistics::StatsRange) -> hours::HoursOfWeek,
                "Messages of some days by the hour of the week.";
            answer_stats GET "/api/statistics/answers" Viewer 200 shows[Messages, Protocols, Settings] => statistics::answers(statistics::AnswerRange) -> statistics::AnswerStats,
                "What patients answered over some days: rates, times, values; by protocol and step.";
            drifting_patients GET "/api/statistics/drifting" Viewer 200 shows[Messages, Patients] => drifting::list(drifting::ListDrifting) -> drifting::DriftingPatients,
                "Patients whose last questions went unanswered.";
            opening_stats GET "/api/statistics/openings" Viewer 200 shows[Protocols, Assignments] => openings::openings(openings::OpeningsOf) -> openings::Openings,
                "How many people opened the messages of a plan, by month, as LINE counts them.";
            patient_timeline GET "/api/patients/{id}/timeline" Viewer 200 shows[Messages, Assignments, Patients, Settings, Worklist, Protocols] => timeline::timeline(timeline::TimelineOf) -> timeline::Timeline,
                "Everything about one patient in order, and what is planned.";
            make_link_code POST "/api/patients/{id}/link-code" Operator 201 => links::make(links::MakeLinkCode) -> links::LinkCode,
                "Makes a one-time code that links a LINE account to a patient.";
            current_link_code GET "/api/patients/{id}/link-code" Operator 200 shows[Patients, Settings] => links::current(patients::OnePatient) -> links::CurrentLinkCode,
                "The code of a patient's slip, while it is good.";
            preview_import POST "/api/patients/import/preview" Operator 200 asks[AtLength] => imports::preview(imports::ImportPatients) -> imports::ImportPreview,
                "Reads a table of patients and says what an import would do; changes nothing.";
            import_patients POST "/api/patients/import" Operator 202 => imports::import(imports::ImportPatients) -> tasks::Task,
                "Imports a table of patients, all or nothing.";
            get_task GET "/api/tasks/{id}" Viewer 200 shows[Tasks] => tasks::get(tasks::OneTask) -> tasks::Task,
                "Where long work stands.";
            check_channel POST "/api/settings/check-channel" Admin 200 asks[AtLength] => channel::check(Nothing) -> channel::ChannelCheck,
                "Looks at the set-up of the LINE channel, point by point; sends nothing.";

            status GET "/api/status" Viewer 200 shows[Status, Messages, Settings, Worklist] => sending::status(Nothing) -> sending::Status,
                "Whether messages are being sent.";
            today GET "/api/today" Viewer 200 shows[Messages, Assignments, Settings, Status, Worklist, Patients, Protocols] => today::today(Nothing) -> today::Today,
                "What was sent today, what failed, what comes next.";
            pause_sending POST "/api/sending/pause" Operator 200 => sending::pause_sending(Nothing) -> sending::Status,
                "Stops all sending; what comes due waits.";
            resume_sending POST "/api/sending/resume" Operator 200 => sending::resume_sending(Nothing) -> sending::Status,
                "Sends again.";
            get_settings GET "/api/settings" Viewer 200 shows[Settings] => settings::get(Nothing) -> settings::Settings,
                "What the clinic decided; secrets never show.";
            update_settings PATCH "/api/settings" Admin 200 => settings::update(settings::UpdateSettings) -> settings::Settings,
                "Changes what the clinic decided.";
            test_line POST "/api/settings/test-line" Admin 200 asks[AtLength] => channel::test_line(Nothing) -> channel::LineTest,
                "Asks LINE who the clinic's account is; sends nothing.";
            line_quota POST "/api/line/quota" Viewer 200 asks[AtLength] => channel::line_quota(Nothing) -> channel::LineQuota,
                "Asks LINE how many of the month's messages are used; sends nothing.";
            rich_menu GET "/api/rich-menu" Viewer 200 shows[Settings, Patients] => rich_menu::get(Nothing) -> rich_menu::RichMenu,
                "The clinic's rich menu, as it is at LINE.";
            rich_menu_on POST "/api/rich-menu/on" Admin 200 => rich_menu::on(Nothing) -> rich_menu::RichMenu,
                "Lets everybody see the clinic's rich menu, soon after.";
            rich_menu_off POST "/api/rich-menu/off" Admin 200 => rich_menu::off(Nothing) -> rich_menu::RichMenu,
                "Takes the clinic's rich menu away, soon after.";
            list_audit GET "/api/audit" Admin 200 shows[Assignments, Jobs, Messages, Patients, Protocols, Settings, Status, Templates, Worklist] => activity::activity(activity::ListActivity) -> Paged<activity::AuditEntry>,
                "Who did what, from the newest to the oldest.";

            open_practice POST "/api/practice/open" Operator 200 => practice_room::open(Nothing) -> practice_room::PracticeRoom,
                "Opens a practice clinic beside the real one, whose messages go on.";
            phones GET "/api/practice/phones" Viewer 200 shows[Phones, Patients] => practice::phones(Nothing) -> practice::Phones,
                "The practice phones.";
            phone_messages GET "/api/practice/phones/{lineUserId}/messages" Viewer 200 shows[Phones] => practice::chat(practice::OnePhone) -> practice::Chat,
                "What was said on a practice phone.";
            phone_tap POST "/api/practice/phones/{lineUserId}/tap" Operator 200 => practice::tap(practice::PhoneTap) -> practice::Done,
                "Presses a button on a practice phone.";
            phone_watch POST "/api/practice/phones/{lineUserId}/watch" Operator 200 => practice::watch(practice::PhoneWatch) -> practice::Done,
                "Watches a video on a practice phone to its end.";
            phone_text POST "/api/practice/phones/{lineUserId}/text" Operator 200 => practice::text(practice::PhoneText) -> practice::Done,
                "Writes something on a practice phone.";
            phone_send POST "/api/practice/phones/{lineUserId}/send" Operator 200 => practice::send(practice::PhoneSend) -> practice::Done,
                "Sends a picture or a place from a practice phone.";
            phone_block POST "/api/practice/phones/{lineUserId}/block" Operator 200 => practice::block(practice::PhoneBlock) -> practice::Done,
                "Blocks the clinic's account on a practice phone, or lets it in again.";
            jump_clock POST "/api/practice/clock/jump" Operator 200 => practice_clock::jump(practice_clock::JumpClock) -> practice_clock::Jumped,
                "Lets the clock of practice jump; what is due on the way goes out at its time.";
            get_fault GET "/api/practice/fault" Viewer 200 shows[Phones] => practice::fault(Nothing) -> Fault,
                "What goes wrong at the practice LINE.";
            set_fault PUT "/api/practice/fault" Operator 200 => practice::set_fault(practice::SetFault) -> Fault,
                "Lets something go wrong at the practice LINE.";

            load_demo POST "/api/demo/load" Operator 200 => demo::load(Nothing) -> demo::Loaded,
                "Loads the demo clinic, in practice mode only.";
            remove_demo POST "/api/demo/remove" Operator 200 => demo::remove(Nothing) -> demo::DemoRemoved,
                "Removes the demo clinic.";
        }
    };
}
pub(crate) use for_each_operation;
