package clerk

import "net/http"

// The forms of Clerk's resources, as far as ClerkJS reads them.

func (i *Instance) clientJSON(b *browser, r *http.Request) map[string]any {
	sessions, last := []any{}, any(nil)
	for _, s := range b.sessions {
		sessions, last = append(sessions, i.sessionJSON(s, r)), s.id
	}
	client := map[string]any{
		"object": "client", "id": b.id, "sessions": sessions, "last_active_session_id": last,
		"sign_in": nil, "sign_up": nil, "captcha_bypass": false, "cookie_expires_at": nil,
		"last_authentication_strategy": nil,
		"created_at":                   i.began.UnixMilli(), "updated_at": i.began.UnixMilli(),
	}
	if b.signIn != nil {
		client["sign_in"] = b.signIn.signInJSON()
	}
	if b.signUp != nil {
		client["sign_up"] = b.signUp.signUpJSON()
	}
	return client
}

func (i *Instance) sessionJSON(s *session, r *http.Request) map[string]any {
	created := i.began.UnixMilli()
	const week = 7 * 24 * 3600 * 1000
	status, tasks := "active", []any{}
	if s.task != "" {
		status, tasks = "pending", append(tasks, map[string]any{"key": s.task})
	}
	return map[string]any{
		"object": "session", "id": s.id, "status": status, "tasks": tasks,
		"expire_at": created + week, "abandon_at": created + 4*week, "last_active_at": created,
		"last_active_token": i.tokenJSON(s, r), "last_active_organization_id": nil, "actor": nil, "factor_verification_age": []any{0, -1},
		"user": i.userJSON(s.person), "public_user_data": map[string]any{
			"first_name": s.person.name, "last_name": nil, "image_url": "", "has_image": false, "identifier": s.person.email,
		},
		"created_at": created, "updated_at": created,
	}
}

// tokenJSON holds a new token, for the page that asks.
func (i *Instance) tokenJSON(s *session, r *http.Request) map[string]any {
	return map[string]any{"object": "token", "jwt": i.token(s, r.Header.Get("Origin"))}
}

func (i *Instance) userJSON(p *person) map[string]any {
	created := i.began.UnixMilli()
	return map[string]any{
		"object": "user", "id": p.id, "username": nil, "first_name": p.name, "last_name": nil,
		"image_url": "", "has_image": false, "locale": nil,
		"primary_email_address_id": "idn_" + p.id, "primary_phone_number_id": nil, "primary_web3_wallet_id": nil,
		"email_addresses": []any{map[string]any{
			"object": "email_address", "id": "idn_" + p.id, "email_address": p.email, "linked_to": []any{},
			"verification": map[string]any{"status": "verified", "strategy": "email_code"},
		}},
		"phone_numbers": []any{}, "web3_wallets": []any{}, "external_accounts": []any{}, "enterprise_accounts": []any{},
		"passkeys": []any{}, "organization_memberships": []any{}, "saml_accounts": []any{},
		"password_enabled": true, "two_factor_enabled": false, "totp_enabled": false, "backup_code_enabled": false,
		"create_organization_enabled": false, "delete_self_enabled": true, "banned": false, "locked": false,
		"public_metadata": map[string]any{}, "unsafe_metadata": map[string]any{},
		"last_sign_in_at": created, "created_at": created, "updated_at": created,
	}
}

func (a *attempt) signInJSON() map[string]any {
	status, session := "needs_first_factor", any(nil)
	if a.sessionID != "" {
		status, session = "complete", a.sessionID
	}
	return map[string]any{
		"object": "sign_in_attempt", "id": a.id, "status": status, "identifier": a.email,
		"supported_identifiers": []any{"email_address"},
		"supported_first_factors": []any{
			map[string]any{"strategy": "password"},
			map[string]any{"strategy": "email_code", "email_address_id": "idn_" + a.person.id, "safe_identifier": a.email, "primary": true},
		},
		"supported_second_factors": nil, "first_factor_verification": nil, "second_factor_verification": nil,
		"created_session_id": session,
		"user_data":          map[string]any{"first_name": a.person.name, "last_name": nil, "image_url": "", "has_image": false},
	}
}

func (a *attempt) signUpJSON() map[string]any {
	status, session, user, unverified := "missing_requirements", any(nil), any(nil), []any{"email_address"}
	verification := map[string]any{"status": "unverified", "strategy": "email_code", "attempts": 0, "expire_at": nil}
	if a.sessionID != "" {
		status, session, user, unverified = "complete", a.sessionID, a.person.id, []any{}
		verification["status"] = "verified"
	}
	return map[string]any{
		"object": "sign_up_attempt", "id": a.id, "status": status,
		"required_fields": []any{"email_address", "password"}, "optional_fields": []any{}, "missing_fields": []any{},
		"unverified_fields": unverified,
		"verifications": map[string]any{
			"email_address":    withNext(verification),
			"phone_number":     nil,
			"web3_wallet":      nil,
			"external_account": nil,
		},
		"username": nil, "email_address": a.email, "phone_number": nil, "web3_wallet": nil,
		"password_enabled": a.password != "", "first_name": nil, "last_name": nil, "has_password": a.password != "",
		"unsafe_metadata": map[string]any{}, "created_session_id": session, "created_user_id": user,
		"abandon_at": nil, "legal_accepted_at": nil,
	}
}

func withNext(verification map[string]any) map[string]any {
	verification["next_action"], verification["supported_strategies"] = "needs_attempt", []any{"email_code"}
	return verification
}

// environment is how the instance is set up: email addresses and passwords.
func environment() map[string]any {
	attribute := func(enabled bool, first bool, verifications ...any) map[string]any {
		return map[string]any{
			"enabled": enabled, "required": enabled, "used_for_first_factor": first,
			"first_factors": verifications, "used_for_second_factor": false, "second_factors": []any{},
			"verifications": verifications, "verify_at_sign_up": len(verifications) > 0,
		}
	}
	return map[string]any{
		"object": "environment", "id": "env_test", "maintenance_mode": false,
		"auth_config": map[string]any{"object": "auth_config", "id": "aconf_test", "single_session_mode": true, "claimed_at": nil, "reverification": false},
		"display_config": map[string]any{
			"object": "display_config", "id": "display_config_test", "application_name": "Verso",
			"instance_environment_type": "development", "branded": false, "preferred_sign_in_strategy": "password",
			"theme": map[string]any{
				"buttons": map[string]any{}, "general": map[string]any{}, "accounts": map[string]any{"background_color": "#fff"},
			},
			"logo_image_url": "", "favicon_image_url": "", "home_url": "", "sign_in_url": "", "sign_up_url": "",
			"user_profile_url": "", "after_sign_in_url": "", "after_sign_up_url": "", "after_sign_out_one_url": "",
			"after_sign_out_all_url": "", "after_switch_session_url": "", "show_devmode_warning": false,
			"captcha_public_key": nil, "captcha_widget_type": nil, "captcha_provider": "turnstile", "captcha_oauth_bypass": []any{},
		},
		"organization_settings": map[string]any{"enabled": false, "max_allowed_memberships": 5, "force_organization_selection": false,
			"actions": map[string]any{"admin_delete": true}, "domains": map[string]any{"enabled": false, "enrollment_modes": []any{}}},
		"commerce_settings": map[string]any{"billing": map[string]any{
			"stripe_publishable_key": "",
			"organization":           map[string]any{"enabled": false, "has_paid_plans": false}, "user": map[string]any{"enabled": false, "has_paid_plans": false},
		}},
		"user_settings": map[string]any{
			"attributes": map[string]any{
				"email_address": attribute(true, true, "email_code"), "password": attribute(true, false),
				"phone_number": attribute(false, false), "username": attribute(false, false), "web3_wallet": attribute(false, false),
				"first_name": attribute(false, false), "last_name": attribute(false, false), "passkey": attribute(false, false),
				"authenticator_app": attribute(false, false), "backup_code": attribute(false, false), "ticket": attribute(false, false),
			},
			"social": map[string]any{}, "saml": map[string]any{"enabled": false}, "enterprise_sso": map[string]any{"enabled": false},
			"actions":           map[string]any{"delete_self": true, "create_organization": false},
			"sign_in":           map[string]any{"second_factor": map[string]any{"required": false}},
			"sign_up":           map[string]any{"captcha_enabled": false, "captcha_widget_type": nil, "mode": "public", "progressive": true, "custom_action_required": false, "legal_consent_enabled": false},
			"password_settings": map[string]any{"min_length": 8, "max_length": 72, "allowed_special_characters": "", "show_zxcvbn": false, "min_zxcvbn_strength": 0},
			"passkey_settings":  map[string]any{"allow_autofill": false, "show_sign_in_button": false},
		},
	}
}
