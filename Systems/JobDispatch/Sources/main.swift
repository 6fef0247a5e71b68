print("jd")
