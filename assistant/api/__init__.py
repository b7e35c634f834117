"""What programs call: REST under /api/v1, and OpenAI's form of it under /v1; the server serves both beside the page.

addresses   every address, and what a caller must be allowed to call it
access      who calls: a token, an account of the page, or whoever may use a page that is open
rates       how often one may call
problems    errors as programs get them, made of the one tree of errors
places      work in threads: so much at a time, and no more than may wait
forms       what may be sent, and what comes back
runs        evaluations that were started
desk        what the addresses share; `sending` reads the articles that come
questions, articles, conversations, evaluations, token_addresses, openai_form   the addresses themselves
routes      all of them together
"""
