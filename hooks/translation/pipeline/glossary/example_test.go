package glossary_test

import (
	"fmt"

	"verso/hooks/translation/pipeline/glossary"
)

func Example() {
	g := glossary.New(glossary.Pair{Source: "en", Target: "ru"}, []glossary.Term{
		{Term: "Ishmael", Translation: "Измаил", Kind: "person"},
		{Term: "white whale", Translation: "белый кит"},
		{Term: "Pequod", Translation: "«Пекод»"},
	})
	source := "Ishmael saw the <1>white</1> whale."
	for _, term := range g.In(source) {
		fmt.Println("send", term.Term)
	}
	fmt.Println("broken", g.Broken(source, "Исмаил увидел <1>белого</1> кита."))
	fmt.Println("broken", g.Broken(source, "Измаилом был замечен <1>белый</1> кит."))
	// Output:
	// send Ishmael
	// send white whale
	// broken [{Ishmael Измаил person  []}]
	// broken []
}
