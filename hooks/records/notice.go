package records

// Collections of the mails about jobs, which nobody but a superuser sees.
const (
	CollectionNotices           = "job_notices"
	CollectionNoticePreferences = "notice_preferences"
)
