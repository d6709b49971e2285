package pgmirror

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"verso/hooks/records"
)

// MissingFieldsError says that somebody has taken fields away in the dashboard that
// the mirror reads. It stops until they are there again.
type MissingFieldsError struct{ Fields []string }

func (e *MissingFieldsError) Error() string {
	return "the mirror needs fields that are not there any more: " + strings.Join(e.Fields, ", ") +
		"; add them again in the dashboard, with their names as they were"
}

// mirroredFields are the fields that the mirror reads, by collection.
func mirroredFields() map[string][]string {
	return map[string][]string{
		records.CollectionUsers: {"clerk_user_id", "email", "name", "created_at", "updated_at"},
		records.CollectionJobs: {
			"owner_id", "filename", "status", "progress", "created_at", "completed_at", "error_message", "source",
		},
	}
}

// complete reports a [*MissingFieldsError] where fields are missing that the mirror
// reads. SQLite's own error would blame whatever was asked.
func (s *source) complete(ctx context.Context) error {
	var missing []string
	for collection, fields := range mirroredFields() {
		var found []string
		err := s.app.ConcurrentDB().NewQuery(`SELECT name FROM pragma_table_info({:table})`).
			WithContext(ctx).Bind(dbx.Params{"table": collection}).Column(&found)
		if err != nil {
			return fmt.Errorf("look for the fields of %s: %w", collection, err)
		}
		for _, field := range fields {
			if !slices.Contains(found, field) {
				missing = append(missing, collection+"."+field)
			}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing)
	return &MissingFieldsError{missing}
}
