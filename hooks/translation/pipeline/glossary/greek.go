package glossary

// greekGrammar is that of Greek, which folding has freed of accents and of the
// final sigma.
func greekGrammar() grammar {
	const adjective = "οσ ου ο ε οι ων ουσ η ησ ην α ασ εσ"
	return grammar{
		paradigms: []paradigm{
			{cut: "οσ", takes: adjective + " εα"}, {cut: "ησ", takes: "η εσ ων ησ εισ ηδεσ ηδων ου"}, {cut: "ασ", takes: "α εσ ων αδεσ αδων ου αντα"},
			{cut: "α", takes: "ασ εσ ων αν ατοσ ατα ατων"}, {cut: "η", takes: "ησ εσ ων εισ εων εωσ ην"},
			{cut: "ο", takes: "ου α ων"}, {cut: "ι", takes: "ιου ια ιων"}, {cut: "υσ", takes: "υ εα εων εισ"}, {cut: "ων", takes: "ωνα οντα ωνοσ"},
			{cut: "οι", takes: adjective}, {cut: "εσ", takes: "ων α η"}, {cut: "ου", takes: "ουσ"}, {cut: "ισ", takes: "ι εωσ ιδα"},
			{cut: "ευσ", takes: "εα εασ εισ εων"}, {cut: "μα", takes: "ματοσ ματα ματων"},
		},
		articles: "ο η το οι τα τον την του τησ των τουσ τισ στο στη στην στον ενασ μια ενα",
	}
}
