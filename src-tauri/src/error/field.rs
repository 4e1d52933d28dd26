//! What may be wrong with a field: a stable name for each fault, with its English text.

use schemars::JsonSchema;
use serde::Serialize;

/// Declares the codes with their English; `{n}` is the limit, `{takes}` what the field takes.
macro_rules! field_codes {
    ($($name:ident $english:literal,)+) => {
        /// What is wrong with a field, as a stable name for translation. New ones may come.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema, specta::Type)]
        #[serde(rename_all = "camelCase")]
        pub(crate) enum FieldCode {
            $(#[doc = $english] $name,)+
            /// LINE itself would refuse it; the message is what LINE says.
            RefusedByLine,
        }

        impl FieldCode {
            pub(crate) const fn english(self) -> &'static str {
                match self {
                    $(Self::$name => $english,)+
                    Self::RefusedByLine => "is refused by LINE",
                }
            }

            /// The name as declared here, since a field's form passes texts on.
            pub(crate) const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)+
                    Self::RefusedByLine => "RefusedByLine",
                }
            }

            /// Every code of the core itself.
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)+];

            /// The code of this name.
            pub(crate) fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.name() == name)
            }
        }
    };
}

field_codes! {
    Empty "must not be empty",
    Missing "is missing",
    IsNull "must not be null: leave it out",
    TooShort "takes at least {n} characters",
    TooLong "takes at most {n} characters",
    TooFew "needs at least {n}",
    TooMany "takes at most {n} entries",
    NotExactly "takes exactly {n} actions",
    OutOfRange "takes {takes}",
    Malformed "is not of the form that is asked for",
    NotAnObject "must be an object",
    NotAList "must be a list",
    NotAText "must be a text",
    NotTrueOrFalse "must be true or false",
    NotAWholeNumber "must be a whole number from 0 on",
    NotOneOf "takes {takes}",
    ControlCharacter "must not contain control characters",
    BlankOrControlCharacter "must not be blank or contain control characters",
    NotOneLine "must be one line, not blank and without control characters",
    NotAZone "takes an IANA time zone such as Asia/Bangkok",
    NotADay "takes a day such as 2026-11-24, or an RFC 3339 time",
    NotAPhone "takes a telephone number: digits with +, brackets, hyphens and spaces",
    NotABirthDate "takes a day of birth such as 1956-04-13, from 1900 until today",
    KeyTaken "belongs to another message: give each message a key of its own",
    NotALineUserId "takes a LINE user id: U and 32 digits or small letters from a to f",
    NotACursor "give nextCursor of the page before, as it is",
    NotADelay "takes a delay such as 30s, 30m, 1h, 2d or 1d12h",
    DelayOutOfRange "takes 1 second to {n} days",
    NotTimesOfDay "takes times of day such as 09:00 or 09:00,14:30",
    TooManyTimes "takes at most {n} times of day",
    TwoKindsOfDays "takes days of the week or every so many days, not both",
    NotCron "takes five cron fields such as 0 9 * * 1-5 (minute, hour, day of month, month, day of week)",
    NeverComes "never comes",
    NeverComesInZone "never comes in this zone",
    NoSuchDay "never comes: there is no such day",
    TooFarAhead "lies more than {n} days ahead",
    TooFarBack "lies more than {n} hours back",
    NotAhead "takes a time ahead, at most {n} days",
    LiesAfterTo "lies after to",
    EndsAsItBegins "begins and ends at the same time",
    NoSuchPatient "names no patient",
    NoQuestion "is missing: a step that asks needs a question and buttons",
    Repeated "stands at another button already",
    Reserved "is a name of the program itself: take another",
    NoSuchButton "is the value of no button of the step's question",
    ButtonLeftOut "needs each of the {n} buttons of the step's question",
    NothingAsked "has no place here: the step asks nothing",
    NoRowToImport "has no row that can be imported",
    OpenQuotation "has a quotation mark that is never closed",
    KnownLineUser "another patient or row has this LINE user id",
    KnownNumber "another patient or row has this number",
    NoHeadings "needs a line of headings with a column displayName (or name)",
    CsvOrFile "takes either csv or file, one of both",
    NotBase64 "must be base64",
    FileTooLarge "takes at most {n} MiB",
    NotATable "is neither text (CSV) nor a workbook (.xlsx)",
    BrokenWorkbook "is no workbook (.xlsx) that can be read: open it, save it again as .xlsx and take that",
    LockedOrOldWorkbook "has a password or is of an old Excel (.xls): save it as .xlsx without a password",
    TooMuchInWorkbook "holds more than a table of patients needs: save the sheet alone as .xlsx or CSV",
    TooManyRows "takes at most {n} rows",
    TooManyColumns "takes at most {n} columns",
    NoSuchColumn "is no heading of the table",
    ColumnTwice "is chosen for a second column; only a name may have several",
    UnreadableCharacter "has characters that could not be read: choose another encoding, or correct the table",
    BrokenFormula "is the error of a formula, such as #N/A: correct the cell",
    OtherCalendar "has a year above 2400 or from 1 to 150: say whether it is Buddhist or of the Republic of China",
    NotAPublicAddress "must be a public https:// address",
    NotEscaped "has characters that no address has; write them as % and two digits, as a browser copies them",
    NoSuchUpload "is an address of the clinic's own at which nothing lies; upload the file again",
    PictureBelongsHere "is the address of a video; a picture belongs here",
    VideoBelongsHere "is the address of a picture; a video belongs here",
    ReservedData "begins as the data of Clinicue's own buttons does (cq1, cm1); begin it otherwise",
    UnknownScheme "must be a whole address: https://, http:// or line:// and what follows, or tel: and a number",
    UnknownMember "is not a member LINE knows here",
    UnknownKind "takes {takes} here",
    SpacerIsGone "takes {takes} here; LINE took spacer away in 2020",
    NestedTooDeep "is nested deeper than {n} levels",
    NotAColor "takes a colour as #RRGGBB or #RRGGBBAA",
    NotAnOpaqueColor "takes a colour as #RRGGBB",
    NotARatio "takes width:height, each 1 to 100000, at most three times as high as wide",
    NotAnAngle "takes 0deg to less than 360deg",
    NotAPosition "takes 0% to 100%",
    NotAPickerDate "takes a day such as 2027-06-18, from 1900-01-01 to 2100-12-31",
    NotAPickerTime "takes a time such as 06:15, from 00:00 to 23:59",
    NotAPickerMoment "takes a day and a time such as 2027-06-18T06:15, from 1900-01-01T00:00 to 2100-12-31T23:59",
    NotLaterThanMin "must be later than min",
    OutsideMinAndMax "must lie between min and max",
    NotInThisMode "has no place in this mode of the picker",
    BesideDisplayText "cannot stand beside displayText",
    EmptyBubble "needs a header, hero, body or footer",
    TooSmallForVideo "takes kilo, mega or giga where the hero is a video",
    NotAsFirstBubble "must be {takes} as in the first bubble",
    VideoInCarousel "must not be a video in a carousel",
    TooManyAnimated "is true for more than {n} pictures of the message",
    NotAsManyAsFirst "must be as many as in the first column",
    NotInEveryColumn "stands in every column or in none",
    BrokenVariable "has two opening braces that begin no whole variable; write four for two",
    UnknownVariable "has a variable that is not known; it takes {takes}",
    UnknownDateForm "has a variable in a form that is not known; a day takes {takes}",
    NeedsFallback "has a variable that may have no value here ({takes}); write words for then behind a | in it",
    FallbackIsVariable "has a variable's name behind a | ({takes}), where patients would read it as it stands; write words there",
    NameOnLockScreen "must not say who the patient is: the lock screen shows it",
    NoVariableHere "takes no variable",
    NotTheName "is not that name; type it as it is written there",
    NamesLine "must not name LINE: LINE refuses that",
}

impl FieldCode {
    /// The fault in English.
    pub(super) fn says(self, limit: Option<u32>, takes: Option<&str>) -> String {
        let mut words = self.english().to_owned();
        if let Some(limit) = limit {
            words = words.replace("{n}", &limit.to_string());
        }
        if let Some(takes) = takes {
            words = words.replace("{takes}", takes);
        }
        words
    }
}
