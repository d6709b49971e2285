package clerkauth_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

func TestBuiltInSignInIsOff(t *testing.T) {
	t.Parallel()
	s := newService(t)
	super := s.superuser(t)
	superToken, err := super.NewAuthToken()
	if err != nil {
		t.Fatal(err)
	}
	verification, err := s.user.NewVerificationToken()
	if err != nil {
		t.Fatal(err)
	}
	emailChange, err := s.user.NewEmailChangeToken("new@example.org")
	if err != nil {
		t.Fatal(err)
	}
	reset, err := s.user.NewPasswordResetToken()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, route, body, token string }{
		{"Refresh", "auth-refresh", "", s.goodToken()},
		{"Password", "auth-with-password", `{"identity":"2ada@example.org","password":"!"}`, ""},
		{"OAuth2", "auth-with-oauth2", `{}`, ""},
		{"OTP", "auth-with-otp", `{}`, ""},
		{"RequestOTP", "request-otp", `{"email":"2ada@example.org"}`, ""},
		{"RequestReset", "request-password-reset", `{"email":"2ada@example.org"}`, ""},
		{"ConfirmReset", "confirm-password-reset", `{"token":"` + reset + `","password":"12345678","passwordConfirm":"12345678"}`, ""},
		{"RequestVerification", "request-verification", `{"email":"2ada@example.org"}`, ""},
		{"RequestVerificationOfNobody", "request-verification", `{"email":"nobody@example.org"}`, ""},
		{"ConfirmVerification", "confirm-verification", `{"token":"` + verification + `"}`, ""},
		{"RequestEmailChange", "request-email-change", `{"newEmail":"new@example.org"}`, s.goodToken()},
		{"ConfirmEmailChange", "confirm-email-change", `{"token":"` + emailChange + `","password":"!"}`, ""},
		{"Impersonate", "impersonate/" + s.user.Id, `{}`, superToken},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, collection := range []string{"users", "USERS", s.user.Collection().Id} {
				s.request("POST", "/api/collections/"+collection+"/"+test.route, test.body, test.token).
					assert(t, 403, "Sign in with Clerk")
			}
		})
	}

	if n := s.app.TestMailer.TotalSend(); n != 0 {
		t.Errorf("%d mails sent", n)
	}
	user, err := s.app.FindRecordById("users", s.user.Id)
	if err != nil {
		t.Fatal(err)
	}
	if user.Verified() || user.Email() != s.user.Email() || user.TokenKey() != s.user.TokenKey() {
		t.Errorf("the user was changed: %v", user.FieldsData())
	}

	// The superusers' own sign-in works as ever.
	superusers := "/api/collections/" + core.CollectionNameSuperusers
	s.request("POST", superusers+"/auth-with-password", `{"identity":"root@example.org","password":"1234567890"}`).
		assert(t, 200, `"token"`)
	s.request("POST", superusers+"/auth-refresh", "", superToken).assert(t, 200, `"token"`)
	s.request("POST", superusers+"/request-password-reset", `{"email":"root@example.org"}`).assert(t, 204, "")
	s.get("/api/collections/users/auth-methods").assert(t, 200, `"password":{"identityFields":[],"enabled":false}`)
}
