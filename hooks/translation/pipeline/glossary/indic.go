package glossary

// hindi is the grammar of Hindi, Marathi and Nepali, whose postpositions are
// mostly words of their own.
func hindi() grammar {
	return grammar{
		paradigms: []paradigm{
			{takes: "ों ो ें ं ओं ए एं यों यां ने ला ना ची चा चे को का की के मा ले हरू हरु लाई त ात ाने ाला ाचा ाची ाचे ां"},
			{cut: "ा", takes: "े ों ो ी ियां ियों"}, {cut: "ी", takes: "ियां ियों ियो ि ा े"}, {cut: "ू", takes: "ुओं ुएं ु"},
			{cut: "े", takes: "ा ों ी"}, {cut: "ि", takes: "ियां ियों"},
		},
	}
}
