package clerksync_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/clerk/clerk-sdk-go/v2"

	"verso/hooks/clerksync"
)

func TestProfileOf(t *testing.T) {
	t.Parallel()

	ada := clerksync.Profile{
		ClerkUserID: "user_2ada",
		Email:       "ada@example.org",
		Name:        "Ada",
		ImageURL:    "https://img.clerk.com/ada",
		UpdatedAt:   1764000000120,
	}
	with := func(change func(*clerksync.Profile)) clerksync.Profile {
		changed := ada
		change(&changed)
		return changed
	}
	withName := func(name string) clerksync.Profile {
		return with(func(p *clerksync.Profile) { p.Name = name })
	}
	withoutEmail := with(func(p *clerksync.Profile) { p.Email = "" })

	for _, test := range []struct {
		name   string
		change func(*clerk.User)
		want   clerksync.Profile
	}{
		{"OK", func(*clerk.User) {}, ada},
		{"FirstAndLastName", func(u *clerk.User) { u.LastName = clerk.String("Lovelace") }, withName("Ada Lovelace")},
		{"SpacesAroundNames", func(u *clerk.User) {
			u.FirstName, u.LastName = clerk.String(" Ada "), clerk.String(" Lovelace ")
		}, withName("Ada Lovelace")},
		{"LastNameOnly", func(u *clerk.User) { u.FirstName, u.LastName = nil, clerk.String("Lovelace") }, withName("Lovelace")},
		{"UsernameOnly", func(u *clerk.User) { u.FirstName, u.Username = clerk.String(""), clerk.String("ada") }, withName("ada")},
		{"NameBeforeUsername", func(u *clerk.User) { u.Username = clerk.String("al") }, ada},
		{"NoName", func(u *clerk.User) { u.FirstName = nil }, withName("")},
		{"NoImage", func(u *clerk.User) { u.ImageURL = nil }, with(func(p *clerksync.Profile) { p.ImageURL = "" })},
		{"PrimaryFirst", func(u *clerk.User) { u.PrimaryEmailAddressID = clerk.String("idn_1") },
			with(func(p *clerksync.Profile) { p.Email = "old@example.org" })},
		{"NoPrimary", func(u *clerk.User) { u.PrimaryEmailAddressID = nil }, withoutEmail},
		{"PrimaryNotListed", func(u *clerk.User) { u.PrimaryEmailAddressID = clerk.String("idn_7") }, withoutEmail},
		{"PrimaryUnverified", func(u *clerk.User) { u.EmailAddresses[1].Verification.Status = "unverified" }, withoutEmail},
		{"PrimaryWithoutVerification", func(u *clerk.User) { u.EmailAddresses[1].Verification = nil }, withoutEmail},
		{"NullAddress", func(u *clerk.User) { u.EmailAddresses[0] = nil }, ada},
		{"NoAddresses", func(u *clerk.User) { u.EmailAddresses = nil }, withoutEmail},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			user := readUser(t, "testdata/user.json")
			test.change(user)
			if got := clerksync.ProfileOf(user); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}

	t.Run("PhoneOnly", func(t *testing.T) {
		t.Parallel()
		want := clerksync.Profile{
			ClerkUserID: "user_2phone",
			ImageURL:    "https://img.clerk.com/phone",
			UpdatedAt:   1764000100120,
		}
		if got := clerksync.ProfileOf(readUser(t, "testdata/user.phone-only.json")); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}

func readUser(t testing.TB, path string) *clerk.User {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	user := &clerk.User{}
	if err := json.Unmarshal(data, user); err != nil {
		t.Fatal(err)
	}
	return user
}
