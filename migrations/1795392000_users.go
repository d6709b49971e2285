// Package migrations holds the database schema as Go migrations, one change a
// file, applied in the order of their timestamps when the service starts.
//
// collections.json at the root of the repository is the same schema in
// PocketBase's import format; a test holds the two against each other.
package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// usersCollectionID is the id that PocketBase gives its built-in users.
const usersCollectionID = "_pb_users_auth_"

// ownRecord is a rule that only the record's own user passes. The first half
// matters: a guest's id is empty, and so would be an empty field compared to it.
const ownRecord = `@request.auth.id != "" && id = @request.auth.id`

func init() {
	migrations.Register(func(app core.App) error {
		users, err := app.FindCollectionByNameOrId(usersCollectionID)
		if err != nil {
			return err
		}

		for _, name := range []string{"avatar", "created", "updated", "name"} {
			users.Fields.RemoveByName(name)
		}
		users.Fields.Add(
			&core.TextField{Name: "clerk_user_id", Required: true, Max: 255},
			&core.TextField{Name: "name", Max: 255},
			&core.TextField{Name: "image_url", Max: 2000},
			&core.TextField{Name: "clerk_email", Max: 255, Hidden: true},
			&core.DateField{Name: "clerk_updated_at"},
			&core.AutodateField{Name: "created_at", OnCreate: true},
			&core.AutodateField{Name: "updated_at", OnCreate: true, OnUpdate: true},
		)
		if email, ok := users.Fields.GetByName(core.FieldNameEmail).(*core.EmailField); ok {
			email.Required = false // a person may have signed up with a phone number
		}
		users.AddIndex("idx_users_clerk_user_id", true, "clerk_user_id", "")
		users.AddIndex("idx_users_clerk_email", false, "clerk_email", "clerk_email != ''")

		users.ListRule = nil
		users.ViewRule = types.Pointer(ownRecord)
		users.CreateRule = nil
		users.UpdateRule = nil
		users.DeleteRule = nil

		// Clerk is the only way in.
		users.AuthRule = nil
		users.ManageRule = nil
		users.PasswordAuth.Enabled = false
		users.OAuth2.Enabled = false
		users.OTP.Enabled = false
		users.MFA.Enabled = false
		users.AuthAlert.Enabled = false

		return app.Save(users)
	}, nil)
}
