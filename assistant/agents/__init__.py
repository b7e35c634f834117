"""What agents call: the tools and resources of the Model Context Protocol, over standard input and output or HTTP.

It needs the package `mcp` (the extra `mcp`), which is imported when the first agent comes.

calls       a call under way, and where its work is done
readable    answers, sentences and lists as an agent reads them
tools       what can be called: ask, retrieve, list_articles, add_article
resources   what can be read: articles and their sentences
serving     all of it together, and errors as agents get them
stdio       `assistant mcp`: one agent, which has started the program
http        the address /mcp of the server: agents that send a token
"""
